"""Every command of the documents is run, block by block, in a folder that has the files they name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.documents.blocks import Block, of_kind
from tests.e2e.documents.exceptions import ELSEWHERE, STATUS
from tests.e2e.documents.shell import Done, Shell, outputs

RUN = [block for block in of_kind("shell") if not all(c.startswith(tuple(ELSEWHERE)) for c in block.commands)]


@pytest.mark.parametrize("block", RUN, ids=str)
def test_it_does_what_it_says(block: Block, shell: Callable[[Block], Shell]) -> None:
    opened = shell(block)
    for command in block.commands:
        if not command.startswith(tuple(ELSEWHERE)):
            check(command, opened.run(command), opened.folder)


def check(command: str, done: Done, folder: Path) -> None:
    told = f"{command}\n{done.err}"
    assert done.status == STATUS.get(command, 0), told
    assert not re.search(r"\berror\b|Traceback", done.err, re.IGNORECASE), told
    written = outputs(command)
    assert done.out.strip() or done.err.strip() or written, told
    for name in written:
        path = folder / name
        assert path.stat().st_size > 0, told
        assert path.is_file() or any(path.iterdir()), told
