"""The edges, without a database or a network."""
