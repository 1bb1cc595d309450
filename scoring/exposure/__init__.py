"""Three exposures, each a share of revenue between 0 and 1, computed for all companies at once."""
