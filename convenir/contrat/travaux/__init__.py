"""Register of a mission locale's work on axes 4 and 5 of its convention: described, counted, never made a figure."""
