"""Cards from templates; an answer names its own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scoring.cards.words import FILTERS
from scoring.vocabulary import PILLAR_COLOURS

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER: Final = Path(__file__).parent / "templates"


def card(template: str, it: Any, **more: Any) -> str | None:
    """HTML of an object, which stands alone on any page; None where the package that fills templates is not installed.

    Parameters
    ----------
    template : str
        Name of a template of this room, without its ending.
    it : object
        What the template shows.
    **more
        What else it shows, by name.
    """
    try:
        return environment(_FOLDER).get_template(f"{template}.html").render(it=it, colours=PILLAR_COLOURS, **more)
    except ImportError:
        return None


@lru_cache(maxsize=8)
def environment(folder: Path) -> Environment:
    """Templates of a folder with the filters of `scoring.cards.words`; an unknown name in one is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= FILTERS
    return made
