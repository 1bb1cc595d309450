"""Structured logs: one JSON object a line on standard error, from this code and from the server below it.

Written by hand, because every request writes a line: a logging library takes longer for that than the service takes
to answer a request whose reply is kept, and twice as long to import as the rest of this package.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
import traceback
from typing import Any, Literal

import orjson

Level = Literal["debug", "info", "warning", "error"]


def configure(level: Level) -> None:
    """Set up the logs of this process: what libraries log has the same shape."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.getLevelNamesMapping()[level.upper()], logging.INFO))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


def write(event: str, level: Level = "info", **fields: Any) -> None:
    """Write one line: what happened, how severe it is, and what else is known."""
    sys.stderr.buffer.write(_line(event, level, fields) + b"\n")
    sys.stderr.buffer.flush()


def write_failure(error: Exception, **fields: Any) -> None:
    """Write an error nobody foresaw, with its stack trace."""
    write("failure", "error", **fields, exception="".join(traceback.format_exception(error)))


def _line(event: str, level: str, fields: dict[str, Any]) -> bytes:
    stamp = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
    return orjson.dumps({"event": event, **fields, "level": level, "timestamp": stamp}, default=repr)


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {"logger": record.name}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return _line(record.getMessage(), record.levelname.lower(), fields).decode()
