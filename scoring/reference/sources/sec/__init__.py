"""Filings at the United States Securities and Exchange Commission: numbers tagged in XBRL."""
