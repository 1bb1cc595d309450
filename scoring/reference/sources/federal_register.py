"""Read documents of the Federal Register, as its API lists them.

Source: https://www.federalregister.gov/api/v1/documents.json with conditions[agencies][]=industry-and-security-bureau.
"""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from scoring.errors import InputError
from scoring.reference.sources import raw

VERSION: Final = "documents.json of API v1, with document_number, title, type, publication_date and html_url"


class Document(NamedTuple):
    """One document: its number, title, type (Rule, Proposed Rule, Notice), day of publication and address."""

    number: str
    title: str
    kind: str
    published: dt.date
    url: str


def documents(name: str, data: bytes) -> list[Document]:
    """Documents in the order of the list.

    Raises
    ------
    InputError
        Another document, or a key is missing.
    """
    read = raw.document(name, data)
    try:
        return [
            Document(
                one["document_number"],
                " ".join(one["title"].split()),
                one["type"],
                dt.date.fromisoformat(one["publication_date"]),
                one["html_url"],
            )
            for one in read["results"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(name, f"lacks what is read ({error})", f"this reader expects {VERSION}") from None
