"""Facts that stay fresh: files of public sources become proposals, and what a person accepts becomes a row."""
