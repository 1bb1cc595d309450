"""What all charts share: colours, the ground they stand on, and how they become pictures."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from scoring.errors import InputError

_INK: Final = {
    "light": {"text": "#1a1d21", "quiet": "#59616b", "line": "#dfe3e8"},
    "dark": {"text": "#e8eaed", "quiet": "#a3abb4", "line": "#33393f"},
}
THEMES: Final = tuple(_INK)

QUIET: Final = "#7d8590"
"""Marks beside the one that is meant, on either ground."""

_FONT: Final = "Inter, system-ui, sans-serif"


def vega_altair() -> ModuleType:
    """The package altair.

    Raises
    ------
    InputError
        It is not installed.
    """
    import pandas  # noqa: F401  altair looks into it, and another thread may have begun to import it

    try:
        import altair
    except ImportError:
        raise InputError("chart", "altair is not installed", 'install "exposure-risk[charts]"') from None
    return altair


def specification(chart: Any, theme: str = "light") -> dict[str, Any]:
    """Vega-Lite specification of a chart on a light or a dark page, whose ground shows through.

    Parameters
    ----------
    chart : altair chart
    theme : {"light", "dark"}

    Raises
    ------
    InputError
        No such theme.
    """
    if theme not in _INK:
        raise InputError("theme", f"{theme[:20]!r} is none", f"use {' or '.join(_INK)}")
    ink = _INK[theme]
    title = {"color": ink["text"], "subtitleColor": ink["quiet"], "anchor": "start", "fontSize": 14, "font": _FONT}
    config = {
        "background": None,
        "font": _FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": ink["quiet"],
            "titleColor": ink["quiet"],
            "gridColor": ink["line"],
            "domainColor": ink["line"],
            "tickColor": ink["line"],
            "titleFontWeight": "normal",
        },
        "legend": {"labelColor": ink["text"], "titleColor": ink["quiet"]},
        "title": title | {"subtitleFont": _FONT, "fontWeight": 600},
        "text": {"color": ink["text"], "font": _FONT},
        "point": {"color": ink["text"]},
        "rule": {"color": ink["quiet"]},
        "tick": {"color": ink["quiet"]},
    }
    made: dict[str, Any] = chart.to_dict()
    return {**made, "config": {**made.get("config", {}), **config}}


def to_png(chart: Any) -> bytes:
    """Picture of a chart, at twice the size of its pixels."""
    import vl_convert

    data: bytes = vl_convert.vegalite_to_png(chart.to_dict(), scale=2)
    return data


def to_svg(chart: Any, theme: str = "light") -> bytes:
    """Drawing of a chart; errors as in `specification`."""
    spec = specification(chart, theme)
    try:
        import vl_convert
    except ImportError:
        raise InputError("chart", "vl-convert is not installed", 'install "exposure-risk[charts]"') from None
    drawn: str = vl_convert.vegalite_to_svg(spec)
    return drawn.encode()
