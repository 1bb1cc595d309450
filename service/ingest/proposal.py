"""A proposal: rows that a source suggests, each with what is known instead, in a folder that a person reviews.

Layout of a proposal, a folder named after its source and what it read::

    proposal.json    source, reader, the files that were read with their hashes, counts
    rows.ndjson      one row a line
    decisions.json   what became of which row, written by the review
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from scoring.errors import InputError, OutputError
from scoring.reference.drafts import draft_in
from scoring.reference.releases.store import write_new
from service.files import write_output

Kind = Literal["added", "completed", "conflicting", "question", "suggested"]
"""added: not known before; completed: known, some cells were empty; conflicting: known with other values; question:
cannot be accepted as it stands; suggested: a judgement for a person, never accepted with others."""

Decision = Literal["accepted", "rejected"]

ABOUT: Final = "proposal.json"
ROWS: Final = "rows.ndjson"
DECISIONS: Final = "decisions.json"


@dataclass(frozen=True)
class Candidate:
    """A row as a source gives it.

    Attributes
    ----------
    table : str
    cells : dict of str to str
        As they would stand in the table.
    source : dict of str to str, optional
        Row of `sources` for the document.
    question : str, optional
        Why the row cannot count as it stands.
    judgement : bool
        Whether it is a suggestion and no fact of the source.
    evidence : str
        What was read, in words, where the cells do not tell it.
    """

    table: str
    cells: dict[str, str]
    source: dict[str, str] | None = None
    question: str | None = None
    judgement: bool = False
    evidence: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a proposal.

    Attributes
    ----------
    number : int
        From 1, in the order of the proposal.
    kind : str
    table : str
    cells : dict of str to str
    known : dict of str to str or None
        The row with that key as it was when the proposal was made.
    why : str
        What is to be decided, empty for a row that is simply new.
    source : dict of str to str or None
        Row of `sources`.
    """

    number: int
    kind: Kind
    table: str
    cells: dict[str, str]
    known: dict[str, str] | None = None
    why: str = ""
    source: dict[str, str] | None = None


@dataclass(frozen=True)
class Proposal:
    """A proposal as it was read.

    Attributes
    ----------
    folder : Path
    about : dict
    rows : tuple of Row
    decisions : dict of int to dict
        By number of the row: decision, reason.
    """

    folder: Path
    about: dict[str, Any]
    rows: tuple[Row, ...]
    decisions: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.name

    def open_rows(self) -> list[Row]:
        """Rows that nothing was decided about."""
        return [row for row in self.rows if row.number not in self.decisions]


def write_proposal(
    store: Path, source: str, reader: str, files: Sequence[dict[str, Any]], rows: Iterable[Row], already: int
) -> Proposal:
    """Write a proposal; the same files read against the same tables give the same folder, which is then left alone.

    Parameters
    ----------
    store : Path
        Folder of proposals; made if it is not there.
    source, reader : str
        Name of the source, and the version of its reader.
    files : sequence of dict
        Name, bytes and sha256 of what was read.
    rows : iterable of Row
    already : int
        Rows of the source that are known as they are.

    Raises
    ------
    OutputError
        The folder cannot be written; nothing of the proposal is there.
    """
    kept = tuple(rows)
    lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in kept).encode()
    about = {
        "source": source,
        "reader": reader,
        "files": list(files),
        "rows": dict(Counter([row.kind for row in kept])) | {"known": already},
        "sha256": hashlib.sha256(lines).hexdigest(),
    }
    raw = (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode()
    folder = store / f"{source}-{hashlib.sha256(raw).hexdigest()[:12]}"
    if not folder.exists():
        try:
            store.mkdir(parents=True, exist_ok=True)
            with draft_in(store) as draft:
                write_new(draft / ROWS, lines)
                write_new(draft / ABOUT, raw)
                draft.rename(folder)
        except OSError as error:
            if not folder.exists():
                raise OutputError(
                    "--proposals", f"{store} cannot be written ({error.strerror})", "choose a folder with free space"
                ) from None
    return Proposal(folder, about, kept, _decisions(folder))


def list_proposals(store: Path) -> list[str]:
    """Names of the proposals in a folder, in order."""
    return sorted(path.parent.name for path in store.glob(f"*/{ABOUT}") if not path.parent.name.startswith("."))


def open_proposal(store: Path, name: str) -> Proposal:
    """Read a proposal.

    Raises
    ------
    InputError
        No such proposal, or its rows are not those that were written.
    """
    known = list_proposals(store)
    if name not in known:
        raise InputError(
            "PROPOSAL",
            f"{name[:100]!r} is not in {store}",
            f"choose one of: {', '.join(known)}" if known else "make one with `exposure data take`",
        )
    folder = store / name
    try:
        about = json.loads((folder / ABOUT).read_bytes())
        lines = (folder / ROWS).read_bytes()
        if hashlib.sha256(lines).hexdigest() != about["sha256"]:
            raise InputError("PROPOSAL", f"{name}: {ROWS} was changed after it was written", "take the source again")
        rows = tuple(Row(**json.loads(line)) for line in lines.splitlines())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("PROPOSAL", f"{name} cannot be read ({error})", "take the source again") from None
    return Proposal(folder, about, rows, _decisions(folder))


def write_decisions(proposal: Proposal, decisions: dict[int, dict[str, str]]) -> Proposal:
    """Add decisions to those that were made."""
    every = {**proposal.decisions, **decisions}
    data = json.dumps({str(number): every[number] for number in sorted(every)}, indent=1, ensure_ascii=False)
    write_output(proposal.folder / DECISIONS, f"{data}\n".encode(), "PROPOSAL", "choose a folder you can write")
    return Proposal(proposal.folder, proposal.about, proposal.rows, every)


def _decisions(folder: Path) -> dict[int, dict[str, str]]:
    try:
        return {int(number): decision for number, decision in json.loads((folder / DECISIONS).read_bytes()).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise InputError("PROPOSAL", f"{folder / DECISIONS} cannot be read ({error})", "restore the file") from None
