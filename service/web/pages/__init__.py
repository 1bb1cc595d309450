"""One file per page, or few pages of one subject: read the address, call what the JSON twin calls, show it."""

from typing import Final

from service.web import assets
from service.web.pages import company, history, home, pictures

PAGES: Final = (assets.router, home.router, history.router, pictures.router, company.router)
"""Every page; a company's are in this order because its name may hold a slash."""
