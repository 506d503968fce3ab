"""Parsers: what a person typed at a step becomes a value, a half-understood answer or a refusal."""
