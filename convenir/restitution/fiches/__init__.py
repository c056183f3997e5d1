"""The fiche bilan of a SIAE: assembled once, shown as a page, a PDF, a JSON and an API answer."""
