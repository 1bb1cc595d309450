"""A synthetic universe: tables of a release made from a seed, and scenarios to change it."""
