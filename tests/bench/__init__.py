"""Benchmarks: ours and its peers in one run, in turn, on one machine."""
