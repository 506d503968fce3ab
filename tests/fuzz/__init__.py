"""Texts nobody would think of, sought by coverage."""
