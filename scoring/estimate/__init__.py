"""Estimates: the China share of companies that do not disclose one, with an interval, frozen quarter by quarter."""
