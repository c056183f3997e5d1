"""Relations at the finest level, prepared once in DuckDB for all the indicators of a year."""
