"""Releases for others: copied into a store, described, signed, and made the current one."""
