"""The data dictionary, generated from the catalogue: one source for pages, documents, the command line and the API."""
