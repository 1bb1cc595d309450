"""Results as files: JSON, CSV, NDJSON, Parquet, Arrow, Excel."""
