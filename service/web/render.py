"""Templates: their environment, and what every page has beside its own part."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote, urlencode

from scoring.cards.card import environment as templates_of
from scoring.vocabulary import PILLAR_COLOURS
from service.web.assets import address, version

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER: Final = Path(__file__).parent / "templates"

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing from elsewhere, nothing inline; pictures in the style sheets of Swagger UI are data."""


PAGE_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # Without a referrer a browser says of a form that its origin is null, and no session could post one.
    "Referrer-Policy": "same-origin",
}
"""What every page says of itself."""


@dataclass(frozen=True)
class Frame:
    """What stands around the part of a page that is its own.

    Attributes
    ----------
    path : str
        Of the page, without the query string.
    state : mapping of str to str
        What its address says of date, release, methodology and scenario; every link keeps it.
    releases, methodologies : tuple of str
        What can be chosen, oldest first.
    as_of, release, methodology, scenario, estimates : str
        What the numbers of the page rest on, with the defaults filled in.
    last_as_of : str
        The last day that the release supports.
    sha256 : str
        Hash of the release.
    fields : mapping of str to str
        What else the address says, to be kept when the state is changed.
    logged_in : bool
        Whether a session can be ended.
    """

    path: str
    state: Mapping[str, str] = field(default_factory=dict)
    releases: tuple[str, ...] = ()
    methodologies: tuple[str, ...] = ()
    as_of: str = ""
    release: str = ""
    methodology: str = ""
    scenario: str = ""
    estimates: str = ""
    last_as_of: str = ""
    sha256: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    logged_in: bool = False

    is_paper: ClassVar[bool] = False
    """Whether there are no other pages to lead to."""

    def url(self, path: str, **changes: Any) -> str:
        """Address on this site with the state of the page, and what is to differ; None takes a part away."""
        query = {name: value for name, value in {**self.state, **changes}.items() if value not in (None, "")}
        return quote(path, safe="/~:@!$&'()*,;=") + (f"?{urlencode(query)}" if query else "")

    def here(self, **changes: Any) -> str:
        """Address of this page with some of its query changed."""
        return self.url(self.path, **{**self.fields, **changes})


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Templates of the pages."""
    made = templates_of(FOLDER)
    made.globals |= {"asset": address, "colours": PILLAR_COLOURS}
    return made


def render(template: str, frame: Frame, content: Mapping[str, Any]) -> bytes:
    """A page as HTML."""
    return environment().get_template(template).render(frame=frame, **content).encode()


@lru_cache(maxsize=1)
def fingerprint() -> bytes:
    """Hash of templates and assets: a page is a function of them too."""
    whole = hashlib.sha256(version().encode())
    for path in sorted(FOLDER.rglob("*.html")):
        whole.update(path.read_bytes())
    return whole.digest()
