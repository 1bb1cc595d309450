"""A person at a shell: runs the lines of one block in a folder of their own, and leaves nothing running."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner

from service.cli.app import make_app
from tests.e2e.documents.exceptions import SMALLER
from tests.service.serverprocess import Server

ADDRESS = "http://127.0.0.1:8000"
"""Where documents say that a server is."""

Place = Callable[["Shell"], str]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass
class Shell:
    """Runs commands in a folder.

    Attributes
    ----------
    folder : Path
        Where they run.
    places : dict of str to callable
        What stands in documents for what a reader has -> what this reader has, made when it is first needed.
    as_processes : bool
        Whether every command is a process of its own; else those of `exposure` run in this one, for as many as the
        documents have would take minutes to start.
    server : Server or None
        The one that a line of the block started.
    """

    folder: Path
    places: dict[str, Place]
    as_processes: bool = False
    server: Server | None = None
    printed: list[str] = field(default_factory=list)

    def run(self, command: str) -> Done:
        """Run one line; a server stays until another is started or the block ends."""
        command = self._with_what_is_here(command)
        words = shlex.split(command)
        if words[:2] == ["exposure", "serve"]:
            done = self._serve(words[2:])
        elif words[0] == "exposure" and not self.as_processes and not set("<>|;&$*") & set(command):
            done = self._in_this_process(words[1:])
        else:
            done = self._through_a_shell(command)
        self.printed.append(done.out)
        return done

    def _with_what_is_here(self, command: str) -> str:
        for told, here in {ADDRESS: _address, **self.places}.items():
            if told in command:
                command = command.replace(told, here(self))
        for much, little in SMALLER.items():
            command = command.replace(much, little)
        return command

    def _serve(self, options: list[str]) -> Done:
        self.leave()
        with _inside(self.folder):
            self.server = Server(self.folder / "server.log", *options, PYTHONPATH=os.environ.get("PYTHONPATH", ""))
        return Done(0, self.server.log.read_text(), "")

    def _in_this_process(self, words: list[str]) -> Done:
        with _inside(self.folder):
            result = CliRunner().invoke(_app(), words, prog_name="exposure")
        failed = result.exception
        if failed is not None and not isinstance(failed, SystemExit):
            raise failed
        return Done(result.exit_code, result.stdout, result.stderr)

    def _through_a_shell(self, command: str) -> Done:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        ended = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env={**os.environ, "PATH": path}, capture_output=True, timeout=300
        )
        return Done(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def found(self, pattern: str) -> str:
        """What an earlier command of the block printed."""
        found = re.search(pattern, "\n".join(self.printed), re.MULTILINE)
        assert found, (pattern, self.printed)
        return found[1]

    def leave(self) -> None:
        if self.server is not None:
            self.server.http.close()
            self.server.stop()


def _address(shell: Shell) -> str:
    assert shell.server is not None, "no line of the block starts a server"
    return shell.server.url


_made: list[typer.Typer] = []


def _app() -> Any:
    if not _made:
        _made.append(make_app(None))
    return _made[0]


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def outputs(command: str) -> list[str]:
    """Files and folders of this machine that a command says it writes."""
    named = re.findall(r"(?:-o|--png|--matches|--receipt|--key-file|--work) (\S+)", command)
    return [name for name in named if not name.startswith("s3:")]
