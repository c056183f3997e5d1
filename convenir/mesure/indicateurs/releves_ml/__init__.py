"""Indicators of the missions locales from a folder of records: see `docs/indicateurs-missions-locales.md`."""
