"""Who may ask, and how often: keys and rate limits."""
