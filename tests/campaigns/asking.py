"""Requests drawn from what an OpenAPI document offers, right, wrong and hostile, and what is wrong with a reply."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx
import jsonschema_rs

HOSTILE: Final = (
    "no such company",
    "=cmd()",
    "\u202e\u0000",
    "x" * 900,
    "a/b",
    "%2e%2e",
    "",
    "<script>",
    "-1",
    "é" * 60,
)
DAYS: Final = ("2024-09-02", "2019-01-02", "2026-07-31", "2012-02-29", "2999-01-01", "nonsense", "2024-02-30")
PAGES: Final = (
    "/",
    "/search",
    "/companies/{ticker}",
    "/companies/{ticker}/history",
    "/companies/{ticker}/acts",
    "/acts",
    "/acts/rules/{rules}",
    "/acts/countermeasures/{countermeasures}",
    "/countries/{country}",
    "/minerals/{minerals}",
    "/screen",
    "/data",
    "/methodology/{methodology}",
    "/no/such/page",
)
_JSON: Final = ("/json", "+json")
_SELDOM: Final = 0.15


class Asking:
    """Draws requests for one server.

    Parameters
    ----------
    document : mapping
        The OpenAPI document of the server.
    names : mapping of str to sequence of str
        Right values by the name of a parameter, or of the resource that a ``key`` is of.
    seldom : float
        Part of the values that are hostile.
    """

    def __init__(
        self, document: Mapping[str, Any], names: Mapping[str, Sequence[str]], seldom: float = _SELDOM
    ) -> None:
        self.names, self.seldom = names, seldom
        self.operations = [
            (method, path, operation)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if "/jobs/" not in path and "/admin/" not in path
        ]
        self._pattern = {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$") for _, path, _ in self.operations}
        self._check = {
            (method, path, status, kind): jsonschema_rs.Draft202012Validator(
                content["schema"] | {"components": document["components"]}
            )
            for method, path, operation in self.operations
            for status, reply in operation["responses"].items()
            for kind, content in reply.get("content", {}).items()
            if kind.endswith(_JSON)
        }

    def ask(self, http: httpx.Client, dice: random.Random) -> tuple[httpx.Response, str | None]:
        """Send one request; the reply, and the path of the document that it is of, None for a page."""
        if dice.random() < 0.2:
            return http.get(self._filled(dice.choice(PAGES), dice) + self._query(["as_of", "q"], dice)), None
        method, path, operation = dice.choice(self.operations)
        if method == "post":
            return self._post(http, self._filled(path, dice), dice), path
        others = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
        given = dice.sample(others, min(len(others), dice.choice((0, 0, 1, 2, 3))))
        return self.get(http, path, given, dice, dice.choice(("GET",) * 4 + ("HEAD", "OPTIONS", "DELETE"))), path

    def get(
        self, http: httpx.Client, path: str, options: Sequence[str], dice: random.Random, method: str = "GET"
    ) -> httpx.Response:
        """Ask a resource with some options, and those that it needs."""
        parameters = next(one for _, known, one in self.operations if known == path).get("parameters", [])
        needed = [one["name"] for one in parameters if one.get("required") and one["in"] == "query"]
        query = self._query([*needed, *(name for name in options if name not in needed)], dice)
        return http.request(method, self._filled(path, dice) + query)

    def unforeseen(self, reply: httpx.Response, path: str | None) -> str | None:
        """What is wrong with a reply, None if nothing is."""
        what = f"{reply.request.method} {reply.request.url}: {reply.status_code}"
        if reply.status_code >= 500 and reply.status_code != 503:
            return what
        if path is None or reply.request.method not in ("GET", "POST"):
            return None
        kind = reply.headers.get("content-type", "").partition(";")[0]
        if reply.status_code >= 400 and kind != "application/problem+json":
            return f"{what} is no problem document"
        # A hostile value can be another path.
        is_of_path = self._pattern[path].match(reply.request.url.path)
        check = self._check.get((reply.request.method.lower(), path, str(reply.status_code), kind))
        if is_of_path and check is None and kind.endswith(_JSON):
            return f"{what} {kind} is not in the document"
        if is_of_path and check is not None:
            fault = next(iter(check.iter_errors(json.loads(reply.content))), None)
            return None if fault is None else f"{what}: {fault.message[:200]}"
        return None

    def _filled(self, path: str, dice: random.Random) -> str:
        resource = next(
            (name for name in ("rules", "countermeasures", "minerals", "events") if f"/{name}/" in path), ""
        )
        return re.sub(r"\{(\w+)\}", lambda at: quote(self._value(at[1], dice, resource), safe=""), path)

    def _query(self, names: Sequence[str], dice: random.Random) -> str:
        return "?" + urlencode([(name, self._value(name, dice)) for name in names]) if names else ""

    def _value(self, name: str, dice: random.Random, resource: str = "") -> str:
        if dice.random() < self.seldom:
            return dice.choice(HOSTILE)
        return dice.choice(self.names.get(name) or self.names.get(resource) or HOSTILE)

    def _post(self, http: httpx.Client, url: str, dice: random.Random) -> httpx.Response:
        data = self._body(dice)
        headers = {"Content-Type": dice.choice(("application/json",) * 5 + ("text/plain",))}
        if data[:2] == b"\x1f\x8b":
            headers["Content-Encoding"] = "gzip"
        return http.post(url, content=data, headers=headers)

    def _body(self, dice: random.Random) -> bytes:
        names = [self._value("ticker", dice) for _ in range(dice.choice((0, 1, 3, 30, 300)))]
        day = self._value("as_of", dice)
        given: object = dice.choice(
            (
                {"tickers": names, "as_of": day},
                {"tickers": names},
                {"holdings": [{"ticker": name, "weight": dice.random()} for name in names], "as_of": day},
                {"tickers": names, "from": "2024-01-02", "to": "2024-09-02"},
                {"tickers": names, "scenario": self._value("scenario_id", dice)},
                {"tickers": dice.choice((1, None, {}, "AAPL", [[]], [1.5], [None]))},
                names,
            )
        )
        data = json.dumps(given).encode()
        return dice.choice((data, data, data, data, data[: len(data) // 2], gzip.compress(data)))
