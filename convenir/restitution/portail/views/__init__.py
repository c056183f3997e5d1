"""Views of the portal: they parse, call and render."""
