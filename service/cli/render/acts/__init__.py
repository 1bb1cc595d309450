"""What acts add, and how that held on returns, for people."""
