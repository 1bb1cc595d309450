"""Commands about what would move scores, or has moved them."""
