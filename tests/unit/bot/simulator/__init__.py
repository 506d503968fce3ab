"""The played platform refuses what LINE refuses."""
