"""Indicators of the missions locales, computed from a folder of records: see `docs/indicateurs-missions-locales.md`."""
