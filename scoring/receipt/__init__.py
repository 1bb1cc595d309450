"""Receipts: what scores were computed from, and the scores, so that anyone can compute them again and compare."""
