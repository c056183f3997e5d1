"""Documents: a model and typed data make an accessible PDF, kept by its SHA-256 (see docs/documents.md)."""
