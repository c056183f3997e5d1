"""Frozen values of the missions locales, from records or from aggregates: see `docs/instantanes.md`."""
