"""One file per command: read options, call one scoring function, render."""
