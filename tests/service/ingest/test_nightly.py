"""The scheduled job against real servers on this machine: it proposes and tells, and touches no table."""

from __future__ import annotations

import datetime as dt
import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from service.ingest.nightly import run
from service.ingest.proposal import list_proposals
from service.ingest.settings import DownloadSettings
from tests.scoring.reference.sources import test_lists as files

DAY = dt.date(2026, 11, 27)


class Web(BaseHTTPRequestHandler):
    """Serves a list of parties and refuses a register; takes what is posted."""

    def do_GET(self):
        found = self.path == "/consolidated.csv"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(files.PARTIES if found else b"")

    def do_POST(self):
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a client without a user speaks."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        lines, body = [], False
        for line in self.rfile:
            if body:
                lines.append(line)
                if line == b".\r\n":
                    self.server.mails.append(b"".join(lines).decode())
                    body = False
                    self.wfile.write(b"250 taken\r\n")
            elif line.upper().startswith(b"DATA"):
                body = True
                self.wfile.write(b"354 go on\r\n")
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def servers():
    web, mail = ThreadingHTTPServer(("127.0.0.1", 0), Web), socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    web.told, mail.mails = [], []
    for server in (web, mail):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield web, mail
    for server in (web, mail):
        server.shutdown()
        server.server_close()


def test_a_night(working, servers, tmp_path):
    web, mail = servers
    url = f"http://127.0.0.1:{web.server_port}"
    settings = DownloadSettings(
        cache=tmp_path / "raw", user_agent="Tests test@example.com", attempts=1, pause_seconds=0,
        screening_list=f"{url}/consolidated.csv", federal_register=f"{url}/gone?{{since}}", webhook=f"{url}/hook",
        mail_to="desk@example.com", smtp_host="127.0.0.1", smtp_port=mail.server_address[1],
    )  # fmt: skip
    before = working.bytes()
    report = run(["federal-register", "screening-list"], working.reference, working.proposals, settings, DAY)
    [name] = list_proposals(working.proposals)
    assert report.lines == (f"screening-list: 1 added, 0 known; 1 to review in {name}",)
    [failed] = report.failed
    assert failed.startswith("federal-register:")
    assert "gives status 404" in failed
    assert web.told == [{"text": report.text}]
    [sent] = mail.mails
    assert "Subject: Facts to review" in sent
    assert "screening-list: 1 added" in sent
    assert working.bytes() == before


def test_what_cannot_be_told_is_said(working, servers, tmp_path):
    web, _ = servers
    settings = DownloadSettings(
        cache=tmp_path / "raw", user_agent="Tests test@example.com", attempts=1, webhook="http://127.0.0.1:9/hook",
        screening_list=f"http://127.0.0.1:{web.server_port}/consolidated.csv", mail_to="x@example.com",
        smtp_host="127.0.0.1", smtp_port=9,
    )  # fmt: skip
    report = run(["screening-list"], working.reference, working.proposals, settings, DAY)
    assert [line.partition(":")[0] for line in report.failed] == ["webhook", "mail"]
