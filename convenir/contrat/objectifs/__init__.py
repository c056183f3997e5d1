"""Objectives: negotiated in turn by the State and the structure, judged on shared figures (see docs/objectifs.md)."""
