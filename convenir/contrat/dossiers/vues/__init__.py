"""Pages of the files."""
