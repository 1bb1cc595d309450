"""Whether two releases can be compared: the columns that enter scores must be the same in both."""

from __future__ import annotations

from scoring.errors import SchemaMismatchError
from scoring.reference.clock import CLOCK
from scoring.reference.releases.release import Release


def check_comparable(one: Release, other: Release) -> None:
    """Check that two releases have the columns that enter scores, with the same types.

    Raises
    ------
    SchemaMismatchError
        A table or column is missing in one of them, or has another type there.
    """
    if one is other:
        return
    for table, clock in CLOCK.items():
        if not clock.enters:
            continue
        schemas = []
        for release in (one, other):
            try:
                schemas.append((release, release.table(table).schema))
            except KeyError:
                raise _mismatch(one, other, f"{release.version} has no table {table}") from None
        for column in clock.enters:
            for release, schema in schemas:
                if column not in schema.names:
                    raise _mismatch(one, other, f"{release.version} has no column {table}.{column}")
            types = [schema.field(column).type for _, schema in schemas]
            if types[0] != types[1]:
                raise _mismatch(one, other, f"{table}.{column} is {types[0]} in the one and {types[1]} in the other")


def _mismatch(one: Release, other: Release, problem: str) -> SchemaMismatchError:
    return SchemaMismatchError(
        "release",
        f"comparing releases with different schemas, {one.version} and {other.version}: {problem}",
        "compare releases of one schema; `exposure release diff` lists their facts",
    )
