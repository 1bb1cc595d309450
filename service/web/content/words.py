"""Words where there is no chart."""

from __future__ import annotations

from html import escape


def drawn(text: str) -> bytes:
    """A drawing that says why there is none."""
    said = escape(text)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="40">'
        f'<text y="24" font-family="sans-serif" font-size="13" fill="#7d8590">{said}</text></svg>'
    ).encode()
