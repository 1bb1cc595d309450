"""Cut an answer to what fits a conversation, and say what was cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from scoring.errors import InputError
from scoring.suggest import nearest

_DIGITS: Final = 6
_BY_ID: Final = ("facts", "causes")
"""Members that hold records by id; those are kept that the rest still names."""

_ALL: Final = "all"


def table(
    rows: list[dict[str, Any]], kept: Sequence[str], more: Sequence[str], page: tuple[int, int]
) -> dict[str, Any]:
    """One page of rows with some of their columns, and how many rows of each status there are in all.

    Parameters
    ----------
    rows : list of dict
        All rows.
    kept, more : sequence of str
        Columns that every answer has, and those that were asked for; ``all`` is every column.
    page : (int, int)
        First row and most rows.

    Raises
    ------
    InputError
        A column that was asked for does not exist.
    """
    known = list(rows[0]) if rows else []
    for name in more:
        if rows and name != _ALL and name not in known:
            raise InputError(
                "columns", f"has no {name[:50]!r}", f"{nearest(name, known)}choose from: {', '.join(known)}"
            )
    names = known if _ALL in more else [name for name in known if name in {*kept, *more}]
    offset, limit = page
    shown = [{name: _number(row[name]) for name in names} for row in rows[offset : offset + limit]]
    answer: dict[str, Any] = {"rows": shown, **paging(len(rows), offset, len(shown))}
    if known and "status" in known:
        answer["counts"] = dict(Counter(str(row["status"]) for row in rows))
    return answer


def paging(total: int, offset: int, shown: int) -> dict[str, Any]:
    """Where a page lies in the whole."""
    after = offset + shown
    return {"total": total, "offset": offset, "next_offset": after if after < total else None}


def document(whole: dict[str, Any], limit: int, of: str | None = None, offset: int = 0) -> dict[str, Any]:
    """A document whose lists are cut to their first items; ``NAME_left_out`` says how many more there are.

    Parameters
    ----------
    whole : dict
    limit : int
        Most items of every list.
    of : str, optional
        Member that is a list, to be paged through: the answer has it alone.
    offset : int
        First item of that list.

    Raises
    ------
    InputError
        There is no such list.
    """
    if of is not None:
        lists = [name for name, value in whole.items() if isinstance(value, list)]
        if of not in lists:
            raise InputError(
                "list", f"{of[:50]!r} is no list of this answer", f"choose from: {', '.join(lists) or 'none'}"
            )
        items = whole[of][offset : offset + limit]
        kept = {name: whole[name] for name in _BY_ID if name in whole}
        whole = kept | {of: items, "paging": paging(len(whole[of]), offset, len(items))}
    apart = {name: whole[name] for name in _BY_ID if isinstance(whole.get(name), dict)}
    short: dict[str, Any] = _cut({name: value for name, value in whole.items() if name not in apart}, limit)
    named = set(_texts(short))
    for name, records in apart.items():
        short[name] = {key: _cut(record, limit) for key, record in records.items() if key in named}
        if len(short[name]) < len(records):
            short[f"{name}_left_out"] = len(records) - len(short[name])
    return short


def _cut(value: Any, limit: int) -> Any:
    if isinstance(value, dict):
        short: dict[str, Any] = {}
        for name, member in value.items():
            short[name] = _cut(member, limit)
            if isinstance(member, list) and len(member) > limit:
                short[f"{name}_left_out"] = len(member) - limit
        return short
    if isinstance(value, list):
        return [_cut(item, limit) for item in value[:limit]]
    return _number(value)


def _number(value: Any) -> Any:
    """A number with the digits that mean something."""
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
