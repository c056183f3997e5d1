"""The single application file, its pieces, and the projet d'insertion."""
