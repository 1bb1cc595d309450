"""The receipt as a document, which can be read without what it takes to compute it again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from scoring.answers import Answer
from scoring.errors import ReceiptInvalidError


class _Document(Answer):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(_Document):
    """Result of one query, as far as it is verified; of a row of a file with everything that says what it means."""

    query: str
    row: dict[str, Any] | None = Field(
        None, exclude_if=lambda row: row is None, description="Of a row of a file: everything that says what it means."
    )
    values: dict[str, str | float | None]
    """Columns that are verified, by name."""


class Receipt(_Document):
    """What a batch was computed from, and its results."""

    format: Literal[1] = 1
    """Of this document."""
    release: str
    release_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """Names every byte of every table."""
    methodology: dict[str, Any]
    """The document in full, so that another machine needs no file of ours."""
    methodology_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """Hash of the methodology."""
    scenario: dict[str, Any] | None
    """The document in full."""
    scenario_sha256: str | None
    """Hash of the scenario."""
    as_of: dt.date
    rows: list[Row]
    """In the order of the queries."""
    sha256: str
    """Of everything else: a receipt that was changed does not pass for one."""

    def content_sha256(self) -> str:
        """Hash of everything but the hash itself."""
        content = json.dumps(self.model_dump(mode="json", exclude={"sha256"}), sort_keys=True, allow_nan=False)
        return hashlib.sha256(content.encode()).hexdigest()


def read_receipt(text: str | bytes) -> Receipt:
    """Read a receipt.

    Raises
    ------
    ReceiptInvalidError
        It is no receipt, or was changed after it was written.
    """
    try:
        found = Receipt.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            raise ReceiptInvalidError("receipt", "is no receipt, which is JSON", "give a file of --receipt") from None
        field = ".".join(str(part) for part in first["loc"]) or "document"
        raise ReceiptInvalidError(f"receipt: {field}", str(first["msg"]), "give the file as it was written") from None
    if found.sha256 != found.content_sha256():
        raise ReceiptInvalidError(
            "receipt: sha256", "does not fit the rest: the receipt was changed", "give the file as it was written"
        )
    return found
