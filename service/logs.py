"""Structured logs: one JSON object a line on standard error, from this code and from the server below it."""

from __future__ import annotations

import datetime as dt
import logging
import sys
from typing import Any

import orjson
import structlog

_SHARED: tuple[Any, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.dict_tracebacks,
)


def configure(level: str) -> None:
    """Set up the logs of this process."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer(serializer=_dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.BytesLoggerFactory(file=sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=lambda event, **_: _dumps(event).decode()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(number, logging.INFO))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


def write_request(fields: dict[str, Any]) -> None:
    """Write the line of one request.

    It has the shape of every other line but does not pass through structlog, which would take longer than
    answering a request whose reply is kept.
    """
    stamp = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
    line = {"event": "request", **fields, "level": "info", "timestamp": stamp}
    sys.stderr.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    sys.stderr.buffer.flush()


def _dumps(event: Any, **_: Any) -> bytes:
    return orjson.dumps(event, default=repr)
