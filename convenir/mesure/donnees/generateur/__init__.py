"""Invented deliveries in exactly the formats of the ASP: see `docs/generateur.md`."""
