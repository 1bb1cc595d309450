"""From filings to rows: whose it is, when it became known, its revenue from China, and its split by product."""
