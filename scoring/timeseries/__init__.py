"""Over time: one score's history, and panels of many."""
