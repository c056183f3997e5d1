"""Where a figure comes from: lines counted and set aside, files, parameters, definition."""
