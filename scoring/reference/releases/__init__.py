"""Versioned reference data: built, checked, frozen, opened, overlaid, compared."""
