"""Books of positions: weighed, scored, taken apart, compared."""
