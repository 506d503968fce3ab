"""What a message names besides its question: found by rules, a kind a module."""
