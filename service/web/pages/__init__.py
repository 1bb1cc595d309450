"""One file per page, or few pages of one subject: read the address, call what the JSON twin calls, show it."""

from typing import Final

from service.web.pages import (
    acts,
    assets,
    book,
    company,
    data,
    docs,
    history,
    home,
    login,
    maintenance,
    pictures,
    screen,
    what_if,
)

_SUBJECTS: Final = (
    assets,
    home,
    book,
    screen,
    what_if,
    pictures,
    acts,
    data,
    maintenance,
    docs,
    login,
    history,
    company,
)

PAGES: Final = tuple(subject.router for subject in _SUBJECTS)
"""Every page; those of names stand behind those of fixed words, and a company's are last: its name may hold a slash."""
