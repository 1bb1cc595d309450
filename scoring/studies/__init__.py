"""Does it hold: scores against what companies said."""
