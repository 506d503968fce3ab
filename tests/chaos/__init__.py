"""Kills, pauses and faults under load, and a checker that looks at what is left."""
