"""Benchmarks: ratios beside absolute times; never part of the tests."""
