"""`package.yaml` of the working tables: title, last as-of date, and the origin and licence of every table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from scoring.errors import ReferenceInvalidError
from scoring.reference.tables import MADE, REQUIRED, TABLES

FILE: Final = "package.yaml"


class License(BaseModel):
    """Licence, named by its SPDX identifier."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    path: str


class Origin(BaseModel):
    """Where the facts of some tables come from, and on which terms."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tables: list[str]
    origin: str
    terms: str
    license: str | None = None


class Package(BaseModel):
    """What a release says about its tables as a whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    description: str
    last_as_of: dt.date
    last_as_of_reason: str
    origins: list[Origin]
    licenses: list[License]

    @model_validator(mode="after")
    def _complete(self) -> Package:
        named = sorted(table for origin in self.origins for table in origin.tables)
        missing, strange = {*REQUIRED, *MADE} - {*named}, {*named} - {*TABLES, *MADE}
        if wrong := sorted(missing | strange | {name for name in named if named.count(name) > 1}):
            raise ValueError(f"origins must name every table once, which is not so for {', '.join(wrong)}")
        known = {one.name for one in self.licenses}
        unknown = sorted({o.license for o in self.origins if o.license is not None} - known)
        if unknown:
            raise ValueError(f"license {', '.join(unknown)} is not listed under licenses")
        return self

    def license_named(self, name: str) -> License:
        """Licence of that name."""
        return next(one for one in self.licenses if one.name == name)

    def origin_of(self, table: str) -> Origin:
        """Origin of a table.

        Raises
        ------
        ReferenceInvalidError
            No origin names it, and a release may not be without the table's.
        """
        for origin in self.origins:
            if table in origin.tables:
                return origin
        offence = f"{FILE}:1: origins: must name {table}, which has rows; add its origin and terms"
        raise ReferenceInvalidError(FILE, offence, "correct the document", [offence])


def read_package(source: Path) -> Package:
    """Read and check `package.yaml`.

    Raises
    ------
    ReferenceInvalidError
        Missing, no YAML, or with a missing, unknown or wrong value; every one is in `offences`.
    """
    try:
        document = yaml.safe_load((source / FILE).read_text("utf-8"))
        return Package.model_validate(document)
    except ValidationError as error:
        offences = [
            f"{FILE}:1: {'.'.join(map(str, one['loc'])) or 'origins'}: {one['msg']}; correct the value"
            for one in error.errors()
        ]
    except OSError as error:
        offences = [f"{FILE}:1: file: cannot be read ({error.strerror}); restore it"]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        offences = [f"{FILE}:1: file: is no YAML ({' '.join(str(error).split())}); correct it"]
    raise ReferenceInvalidError(
        str(source / FILE), f"{len(offences)} offences, first {offences[0]}", "correct the document", offences
    )
