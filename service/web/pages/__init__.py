"""One file per page, or few pages of one subject: read the address, call what the JSON twin calls, show it."""

from typing import Final

from service.web import assets
from service.web.pages import acts, book, company, data, docs, history, home, pictures, screen, what_if

PAGES: Final = tuple(
    module.router for module in (assets, home, book, screen, what_if, acts, data, docs, history, pictures, company)
)
"""Every page; a company's are last because its name may hold a slash."""
