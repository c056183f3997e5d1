"""Views of the objectives: they parse, call and render."""
