"""Alerts against a real receiver on this machine: what is sent, how it is signed, and what failures end in."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scoring.changes.result import Changes
from service.alerts.webhook import DeliveryError, deliver, identity
from service.attempts import Patience
from tests.e2e.command import exposure, rejected

NAMES = ("ASML", "8035.T", "NVDA", "KO")
ENDS = ("--from", "2024-07-31", "--to", "2026-07-31")


class Receiver(BaseHTTPRequestHandler):
    """Answers with the statuses it was given in turn, the last one for ever, and keeps what came."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((dict(self.headers), body))
        statuses = self.server.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.send_header("Retry-After", "0")
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def receiver():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.came, server.statuses = [], [204]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def alert(receiver, *arguments, **settings):
    url = f"http://127.0.0.1:{receiver.server_port}/hook/token-of-the-desk"
    return exposure("alert", *arguments, "--webhook", url, env={f"EXPOSURE_ALERT_{k}": v for k, v in settings.items()})


def json_of(printed):
    return Changes.model_validate_json(printed).model_dump_json(by_alias=True).encode()


def test_the_names_that_moved_are_told_and_signed(receiver):
    done = alert(receiver, *NAMES, *ENDS, "--threshold", "5", SECRET="known to both")
    assert done.returncode == 0, done.stderr
    [(headers, body)] = receiver.came
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == hashlib.sha256(body).hexdigest()
    assert headers["Exposure-Signature"] == f"sha256={hmac.new(b'known to both', body, 'sha256').hexdigest()}"
    told = Changes.model_validate_json(body)
    whole = Changes.model_validate_json(exposure("changes", *NAMES, *ENDS, "--threshold", "5", "--json").stdout)
    assert [row.company_id for row in told.rows] == whole.crossed == told.crossed
    assert 0 < len(told.rows) < len(whole.rows)
    # As if these names alone had been asked for.
    asked = [row.query for row in told.rows]
    assert body == json_of(exposure("changes", *asked, *ENDS, "--threshold", "5", "--json").stdout)
    said = done.stderr.decode()
    assert f"{len(told.rows)} of {len(NAMES)} told to 127.0.0.1 as {headers['Idempotency-Key']}" in said
    assert "token-of-the-desk" not in said


def test_the_same_alert_has_the_same_key_whenever_it_comes(receiver):
    receiver.statuses = [503, 429, 200]
    shown = alert(receiver, *NAMES, *ENDS, "--threshold", "5", "--dry-run")
    assert (shown.returncode, receiver.came) == (0, [])
    assert alert(receiver, *NAMES, *ENDS, "--threshold", "5").returncode == 0
    assert {body for _, body in receiver.came} == {shown.stdout.strip()}
    assert [headers["Idempotency-Key"] for headers, _ in receiver.came] == [identity(shown.stdout.strip())] * 3
    assert not any("Exposure-Signature" in headers for headers, _ in receiver.came)


def test_a_name_in_several_lots_is_told_once(receiver):
    done = alert(receiver, "NVDA", "8035.T", "US67066G1040", "8035.T", *ENDS, "--threshold", "0.01")
    assert done.returncode == 0, done.stderr
    [(_, body)] = receiver.came
    assert [row["query"] for row in json.loads(body)["rows"]] == ["NVDA", "8035.T"]


def test_nothing_to_tell_is_not_sent(receiver):
    done = alert(receiver, *NAMES, *ENDS, "--threshold", "90")
    assert (done.returncode, receiver.came) == (0, [])
    assert b"none of 4 moved by 90 points or more" in done.stderr


def test_a_score_that_came_is_told_whatever_the_threshold(receiver):
    done = alert(
        receiver, "AAPL", "NVDA", "--from", "2010-01-04", "--to", "2026-07-31", "--threshold", "100",
        "--estimates", "exclude",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [(_, body)] = receiver.came
    rows = json.loads(body)["rows"]
    assert rows
    assert all((row["score_from"] is None) != (row["score_to"] is None) for row in rows)


def test_what_is_not_delivered_has_a_status_of_its_own(receiver):
    receiver.statuses = [401]
    done = alert(receiver, *NAMES, *ENDS, "--threshold", "5")
    assert done.returncode == 5
    assert b"127.0.0.1 refuses it with status 401" in done.stderr
    assert b"token-of-the-desk" not in done.stderr


@pytest.mark.parametrize(
    ("statuses", "came", "said"),
    [
        ([503], 2, "does not take it after 2 attempts \\(status 503\\)"),
        ([429, 202], 2, None),
        ([401], 1, "refuses it with status 401"),
        ([302], 1, "refuses it with status 302"),
    ],
)
def test_a_receiver_is_asked_again_only_where_that_may_help(receiver, statuses, came, said):
    receiver.statuses = statuses
    url = f"http://127.0.0.1:{receiver.server_port}/hook"
    with pytest.raises(DeliveryError, match=said) if said else nullcontext():
        deliver(url, b"{}", Patience(2, 0.1, 5.0))
    assert len(receiver.came) == came


def test_nobody_there():
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1 does not take it after 2 attempts"):
        deliver("http://127.0.0.1:9/hook", b"{}", Patience(2, 0.1, 5.0))


def test_what_does_not_resolve_is_said_and_the_rest_is_delivered(receiver):
    done = alert(receiver, *NAMES, "nobody-of-that-name", *ENDS, "--threshold", "5")
    assert done.returncode == 3
    assert b"not resolved, left out: nobody-of-that-name" in done.stderr
    assert len(receiver.came) == 1


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((*ENDS, "--threshold", "5"), ("webhook: is missing", "EXPOSURE_ALERT_WEBHOOK")),
        ((*ENDS, "--threshold", "5", "--webhook", "ftp://desk.example/hook"), ("--webhook", "http or https")),
        ((*ENDS, "--threshold", "5", "--webhook", "desk.example"), ("--webhook", "http or https")),
        ((*ENDS, "--threshold", "0", "--webhook", "http://127.0.0.1:9"), ("--threshold", "above 0")),
        (("--threshold", "5", "--webhook", "http://127.0.0.1:9"), ("--from",)),
        ((*ENDS, "--webhook", "http://127.0.0.1:9"), ("--threshold",)),
    ],
)
def test_bad_input_is_named(arguments, names):
    rejected("alert", "ASML", *arguments, names=names)


def test_a_setting_that_cannot_be_is_named(receiver):
    done = alert(receiver, *NAMES, *ENDS, "--threshold", "5", ATTEMPTS="0")
    assert (done.returncode, receiver.came) == (2, [])
    assert done.stderr.startswith(b"error: EXPOSURE_ALERT_ATTEMPTS: ")
