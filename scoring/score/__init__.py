"""The number: exposures to points, for one date or many, and its parts."""
