"""Fetch the files of a source: asked politely, tried again, kept as they came, and not fetched twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx

from scoring.errors import InputError, OutputError
from scoring.reference.sources.wgi import SERIES
from service.attempts import NotYetError, attempts, check_now
from service.files import write_output
from service.ingest.settings import PREFIX, DownloadSettings

INDEX: Final = "index.json"
HALF_A_YEAR: Final = dt.timedelta(days=182)
"""How far back a source is asked for, unless a day is given."""

_CHUNK: Final = 2**20


class Downloads:
    """Files of one source, in a folder of their own.

    Every file that ever came is kept under its day and hash; ``index.json`` says which is the last of an address, with
    what the source needs to say that nothing changed.

    Parameters
    ----------
    source : str
    settings : DownloadSettings
    day : datetime.date
        Day of the download.
    client : httpx.Client, optional
    """

    def __init__(
        self, source: str, settings: DownloadSettings, day: dt.date, client: httpx.Client | None = None
    ) -> None:
        if not settings.user_agent:
            raise InputError(
                f"{PREFIX}USER_AGENT", "is empty", "say who asks, with an address to write to: sources ask for it"
            )
        self.folder = settings.cache / source
        self.settings = settings
        self.day = day
        self._client = client or httpx.Client(timeout=settings.timeout_seconds, follow_redirects=True)
        self._asked = False

    def fetch(self, url: str) -> Path:
        """The file at an address: fetched, or the one that is kept if the source says that it did not change.

        Raises
        ------
        InputError
            The source has no such file, or cannot be reached after all attempts.
        OutputError
            The folder cannot be written; nothing is left half written.
        """
        known = self._index().get(url, {})
        kept = self.folder / known["file"] if known else None
        headers = {"User-Agent": self.settings.user_agent, "Accept-Encoding": "gzip, deflate"}
        if kept is not None and kept.is_file():
            headers |= {name: known[key] for name, key in _CONDITIONS.items() if known.get(key)}
        ask = attempts(self.settings.patience)
        try:
            path = ask(self._once, url, headers)
        except (NotYetError, httpx.TransportError) as error:
            raise InputError(
                "--download", f"{url} cannot be fetched ({error or type(error).__name__})", "try again later"
            ) from None
        return path if path is not None else self.folder / known["file"]

    def _once(self, url: str, headers: dict[str, str]) -> Path | None:
        """Ask once; None where the source says that nothing changed."""
        if self._asked:
            time.sleep(self.settings.pause_seconds)
        self._asked = True
        with self._client.stream("GET", url, headers=headers) as reply:
            if reply.status_code == httpx.codes.NOT_MODIFIED:
                return None
            check_now(reply)
            if reply.status_code != httpx.codes.OK:
                raise InputError(
                    "--download", f"{url} gives status {reply.status_code}", f"check the address, a setting {PREFIX}..."
                )
            return self._keep(url, reply)

    def _keep(self, url: str, reply: httpx.Response) -> Path:
        name = _name_of(reply)
        digest, size = hashlib.sha256(), 0
        with self._draft() as draft:
            with draft.open("wb") as file:
                for chunk in reply.iter_bytes(_CHUNK):
                    size += len(chunk)
                    if size > self.settings.largest_bytes:
                        raise InputError("--download", f"{url} is larger than allowed", f"raise {PREFIX}LARGEST_BYTES")
                    digest.update(chunk)
                    file.write(chunk)
            expected = reply.headers.get("Content-Length")
            if expected is not None and "Content-Encoding" not in reply.headers and int(expected) != size:
                raise NotYetError(f"{size} of {expected} bytes came")
            folder = self.folder / self.day.isoformat() / digest.hexdigest()[:12]
            folder.mkdir(parents=True, exist_ok=True)
            draft.replace(folder / name)
        entry = {
            "file": f"{self.day.isoformat()}/{digest.hexdigest()[:12]}/{name}",
            "sha256": digest.hexdigest(),
            "bytes": size,
            "fetched": self.day.isoformat(),
            **{key: reply.headers.get(header, "") for header, key in _VALIDATORS.items()},
        }
        data = json.dumps({**self._index(), url: entry}, indent=1, ensure_ascii=False)
        write_output(self.folder / INDEX, f"{data}\n".encode(), f"{PREFIX}CACHE")
        return self.folder / entry["file"]

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        draft = self.folder / f".{secrets.token_hex(8)}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            yield draft
        except OSError as error:
            raise OutputError(
                f"{PREFIX}CACHE", f"{self.folder} cannot be written ({error.strerror})", "choose a folder with space"
            ) from None
        finally:
            draft.unlink(missing_ok=True)

    def _index(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self.folder / INDEX).read_bytes()))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise InputError(f"{PREFIX}CACHE", f"{self.folder / INDEX} cannot be read ({error})", "remove it") from None


_CONDITIONS: Final = {"If-None-Match": "etag", "If-Modified-Since": "last_modified"}
_VALIDATORS: Final = {"ETag": "etag", "Last-Modified": "last_modified"}


def _name_of(reply: httpx.Response) -> str:
    """Name of what came: the one that the server gives, else the end of the address that it was at in the end."""
    given = re.search(r'filename="?(\w[\w.-]*)"?\s*(?:;|$)', reply.headers.get("Content-Disposition", ""))
    return given[1] if given else Path(reply.url.path).name or "file"


def addresses(source: str, settings: DownloadSettings, since: dt.date, day: dt.date) -> list[str]:
    """Addresses of the files of a source from a day on.

    Raises
    ------
    InputError
        The source is not fetched, but taken from files.
    """
    if source == "sec-data-sets":
        # A quarter is published in the weeks after it ends.
        last = day.year * 4 + (day.month - 1) // 3 - 1
        quarters = range(since.year * 4 + (since.month - 1) // 3, last + 1)
        sets = [settings.sec_data_sets.format(year=q // 4, quarter=q % 4 + 1) for q in quarters]
        return [settings.sec_symbols, *sets] if sets else []
    fetched = {
        "ecb": [settings.ecb],
        "ecfr": [settings.ecfr.format(day=day.isoformat())],
        "federal-register": [settings.federal_register.format(since=since.isoformat())],
        "screening-list": [settings.screening_list],
        "baci": [settings.baci],
        # An edition appears in the year after the last that it estimates.
        "wgi": [settings.wgi.format(series=one, first=day.year - 3, last=day.year) for one in SERIES],
        "gleif": [settings.gleif, settings.gleif_isins],
    }
    if source not in fetched:
        known = ", ".join(("sec-data-sets", *fetched))
        raise InputError("--download", f"{source} is not fetched", f"name its files; fetched are {known}")
    return fetched[source]
