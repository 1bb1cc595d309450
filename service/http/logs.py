"""Structured logs: one JSON object a line on standard error, from this code and from the server below it.

Written by hand, because every request writes a line: a logging library takes longer for that than the service takes
to answer a request whose reply is kept, and twice as long to import as the rest of this package.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import queue
import sys
import threading
import traceback
from multiprocessing.util import Finalize
from typing import Any, Final, Literal

import orjson

from service.http import metrics

_LINES_WAITING: Final = 10_000
_LINES_AT_ONCE: Final = 1_000
_GATHER: Final = 0.01
"""Seconds that a line waits for others: waking the thread for each costs more than the line."""

Level = Literal["debug", "info", "warning", "error"]


def configure(level: Level) -> None:
    """Set up the logs of this process: what libraries log has the same shape."""
    handler = _Handler()
    handler.setFormatter(_JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.getLevelNamesMapping()[level.upper()], logging.INFO))
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    # It would write what no log may hold: query strings, and whatever was sent in one by mistake.
    logging.getLogger("uvicorn.access").handlers = []
    logging.getLogger("uvicorn.access").propagate = False


def write(event: str, level: Level = "info", **fields: Any) -> None:
    """Write one line: what happened, how severe it is, and what else is known."""
    _WRITER.write(_line(event, level, fields))


def write_failure(error: Exception, **fields: Any) -> None:
    """Write an error nobody foresaw, with its stack trace."""
    write("failure", "error", **fields, exception="".join(traceback.format_exception(error)))


def _line(event: str, level: str, fields: dict[str, Any]) -> bytes:
    stamp = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
    return orjson.dumps({"event": event, **fields, "level": level, "timestamp": stamp}, default=repr)


class _Writer:
    """Hands lines to a thread: a reader that stalls holds up nobody; what it does not take is counted."""

    def __init__(self) -> None:
        self._lines: queue.Queue[bytes] = queue.Queue(_LINES_WAITING)
        self._is_awaited = threading.Event()
        self._thread: threading.Thread | None = None
        self._lost = 0

    def write(self, line: bytes) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="logs", daemon=True)
            self._thread.start()
            # Workers end without what atexit promises, but not without this.
            Finalize(None, self.flush, exitpriority=0)
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self._lost += 1
            metrics.LOG_LINES_LOST.inc()

    def flush(self, seconds: float = 5.0) -> None:
        """Wait until everything is written, but not for ever."""
        self._is_awaited.set()
        written = self._lines.all_tasks_done
        with written:
            written.wait_for(lambda: not self._lines.unfinished_tasks, seconds)

    def _run(self) -> None:
        while True:
            lines = [self._lines.get()]
            self._is_awaited.wait(_GATHER)
            self._is_awaited.clear()
            with contextlib.suppress(queue.Empty):
                while len(lines) < _LINES_AT_ONCE:
                    lines.append(self._lines.get_nowait())
            taken = len(lines)
            if self._lost:
                lost, self._lost = self._lost, 0
                lines.append(_line("log", "warning", {"lost": lost}))
            with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
                sys.stderr.buffer.write(b"".join(line + b"\n" for line in lines))
                sys.stderr.buffer.flush()
            for _ in range(taken):
                self._lines.task_done()


_WRITER: Final = _Writer()


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _WRITER.write(self.format(record).encode())
        if record.levelno == logging.INFO:
            # A server that tells what becomes of it may be about to end by a signal, which waits for no thread.
            _WRITER.flush(0.5)


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {"logger": record.name}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return _line(record.getMessage(), record.levelname.lower(), fields).decode()
