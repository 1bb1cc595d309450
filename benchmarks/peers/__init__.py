"""Peers: the same computation in pandas, Polars and DuckDB, and the least that FastAPI can do.

Each of `pandas_`, `polars_` and `duckdb_` has two functions. ``prepare(star)`` loads the tables of
`benchmarks.peers.star` into the library's own memory and is not measured. ``score(prepared)`` gives market, control and
retaliation exposure and the score of every company as a table of that library, in the order of the companies;
``arrays(result)`` turns that into NumPy arrays for comparison.
"""
