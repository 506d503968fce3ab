"""Transcripts of whole talks, as an officer reads them."""
