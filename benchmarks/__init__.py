"""Benchmarks: each limit is measured beside its peer in the same run, and reported as a ratio or a time."""
