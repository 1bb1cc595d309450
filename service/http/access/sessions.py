"""Sessions of browsers: a key exchanged for a cookie that ends, and that ends with the key.

The cookie says which key it stands for and when it ends, signed with the stored hash of the key: nothing is kept on the
server, every worker and instance that reads the file of keys can check it, and revoking the key ends its sessions.
"""

from __future__ import annotations

import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from service.http.access.keys import Guard, Key

COOKIE: Final = "exposure_session"

SECONDS: Final = 8 * 3600
"""How long a session lasts: a working day."""


def make(key: Key, now: float) -> str:
    """Value of the cookie of a session that begins now."""
    about = f"{key.id}.{int(now) + SECONDS}"
    return f"{about}.{_signature(key, about)}"


def check(guard: Guard, cookies: str, now: float) -> Key | None:
    """Key that the session in a Cookie header stands for; None if there is none, or it has ended."""
    value = _value(cookies)
    about, _, signature = value.rpartition(".")
    identifier, _, ends = about.partition(".")
    key = guard.key(identifier)
    if key is None or not ends.isdecimal() or int(ends) < now:
        return None
    return key if hmac.compare_digest(_signature(key, about), signature) else None


def is_same_origin(origin: str, host: str) -> bool:
    """Whether the page that sent a form is one of this service: a browser names the origin of every form it posts."""
    return bool(origin) and urlsplit(origin).netloc == host


def _value(cookies: str) -> str:
    try:
        found = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return ""
    return "" if found is None else found.value


def _signature(key: Key, about: str) -> str:
    return hmac.new(key.sha256.encode(), about.encode(), hashlib.sha256).hexdigest()
