"""How an answer is made: content read from TOML, a variant chosen, its facts filled in."""
