"""Ticker, ISIN, FIGI, LEI or name to company and listing."""
