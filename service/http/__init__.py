"""The HTTP API: one request, from its options to its reply."""
