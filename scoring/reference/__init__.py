"""Versioned reference data: releases, what was known at a date, identifiers."""
