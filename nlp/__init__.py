"""Language: a Thai message in, its intent, entities and answer out."""
