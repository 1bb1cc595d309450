"""One connection of a client: how long its request head may be, and how long the client may do nothing.

uvicorn, which parses the requests, waits for ever for a head that never ends and for a client that never reads.
"""

from __future__ import annotations

import asyncio
import fcntl
import secrets
import struct
import termios
from functools import lru_cache
from typing import Any, Final

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from service.http import logs, metrics
from service.http.errors import RefusedError, problem_response
from service.http.middleware.observe import SECURITY_HEADERS
from service.settings import Settings

_LOOKS: Final = 4
"""How often a connection is looked at in the time that its client may do nothing."""

_LEAST_RATE: Final = 1024
"""Bytes of a waiting reply that a client must take per second."""


@lru_cache(maxsize=1)
def _settings() -> Settings:
    return Settings()  # `service.server` hands its options down through the environment


class Connection(HttpToolsProtocol):
    """HTTP/1.1 with bounds on the head, on the trailers of a body, and on a client that stalls."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._settings = _settings()
        self._most_head = self._settings.max_url_bytes + self._settings.max_header_bytes
        self._seconds = self._settings.stall_seconds
        self._unfinished = 0
        """Bytes of a head, or of trailers, that has not come to its end."""
        self._is_heard = False
        self._waits_since: float | None = None
        """When the client was last due to send a head; None while it is being answered."""
        self._unread, self._unread_since = 0, 0.0
        self._is_over = False
        self._look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look after a connection."""
        super().connection_made(transport)
        self._waits_since = self.loop.time()
        self._look_later()
        if len(self.connections) > self._settings.max_connections:
            metrics.REFUSALS.labels("connections").inc()
            self.app = _full

    def connection_lost(self, exc: Exception | None) -> None:
        """End it."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless it is more of a head than there may be."""
        if self._is_over:
            return
        self._is_heard = False
        super().data_received(data)
        self._unfinished = 0 if self._is_heard else self._unfinished + len(data)
        if self._unfinished > self._most_head:
            self._refuse("head-too-large", "headers", f"have more than {self._most_head} bytes", "send fewer")
        elif self._waits_since is None and (self.cycle is None or self.cycle.response_complete):
            self._waits_since = self.loop.time()

    def on_headers_complete(self) -> None:
        """A head is there: it is the service's turn."""
        self._is_heard, self._waits_since = True, None
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of a body is there."""
        self._is_heard = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of a request is there."""
        self._is_heard = True
        super().on_message_complete()

    def resume_writing(self) -> None:
        """The client has read nearly all that waited for it."""
        self._unread = 0
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Say that this is no HTTP."""
        self._refuse("request-malformed", "request", "is not HTTP", "use a client of HTTP/1.1")

    def _unsupported_upgrade_warning(self) -> None:
        """A wish for another protocol is answered in this one, as RFC 9110 allows, and needs no line in the log."""

    def _look_later(self) -> None:
        self._look = self.loop.call_later(self._seconds / _LOOKS, self._look_on)

    def _look_on(self) -> None:
        now, unread = self.loop.time(), self._left_to_read()
        least = _LEAST_RATE * (now - self._unread_since)
        if not unread or not self._unread or self._unread - unread >= least:
            self._unread, self._unread_since = unread, now
        elif now - self._unread_since >= self._seconds:
            self._log("reader-stalled")
            self.transport.abort()
            return
        if self._waits_since is not None and now - self._waits_since >= self._seconds:
            if self._unfinished and not self._is_over:
                self._refuse(
                    "head-timeout", "headers", f"were not complete after {self._seconds:g} s", "send them faster"
                )
                self._waits_since = now
            else:
                self.transport.close()
                self._waits_since = None
        self._look_later()

    def _left_to_read(self) -> int:
        """Bytes of replies that the client's machine has not taken, those in the kernel's buffer included."""
        connection = self.transport.get_extra_info("socket")
        if connection is None or connection.fileno() < 0:
            return 0
        sent = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4))
        return self.transport.get_write_buffer_size() + struct.unpack("i", sent)[0]

    def _refuse(self, code: str, field: str, problem: str, fix: str) -> None:
        """Answer without the application, which was never asked, and listen no more.

        What is still on its way is taken and thrown away: closing at once would take the answer back.
        """
        self._is_over, self._waits_since = True, self.loop.time()
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if cycle.response_started:  # in the middle of another reply there is no room for this one
                self.transport.abort()
                return
            cycle.disconnected = True
            cycle.message_event.set()
        request_id = secrets.token_hex(8)
        self._log(code, request_id=request_id)
        response = problem_response(RefusedError(code, field, problem, fix), "", request_id)
        own = ((b"x-request-id", request_id.encode()), (b"connection", b"close"))
        head = [b"%b: %b\r\n" % header for header in (*response.raw_headers, *SECURITY_HEADERS, *own)]
        self.transport.write(b"".join((STATUS_LINE[response.status_code], *head, b"\r\n", response.body)))
        self.transport.write_eof()

    def _log(self, why: str, **fields: str) -> None:
        metrics.REFUSALS.labels(why).inc()
        logs.write("connection", "warning", why=why, client=self.client[0] if self.client else None, **fields)


async def _full(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a client for whose connection there is no room."""
    error = RefusedError("busy", "service", "has as many connections as it may", "try again in 2 s")
    error.headers |= {"Retry-After": "2", "Connection": "close"}
    await problem_response(error, scope["raw_path"].decode("latin-1")[:500], "")(scope, receive, send)
