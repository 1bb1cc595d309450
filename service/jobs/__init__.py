"""Jobs too large for one call: the partitions they consist of, and who computes them."""
