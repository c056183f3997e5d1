"""Rules of the conventions: pure functions, neither database nor clock nor Django."""
