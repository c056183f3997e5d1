"""The demonstration: real geography, invented structures, three accounts per role."""
