"""The scheduled job: fetch, propose, tell. It accepts nothing and publishes nothing."""

from __future__ import annotations

import datetime as dt
import json
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from scoring.errors import ExposureError
from service.alerts.webhook import deliver
from service.ingest.download import HALF_A_YEAR, Downloads, addresses
from service.ingest.settings import DownloadSettings
from service.ingest.take import Request, take
from service.ingest.working import WorkingTables


@dataclass(frozen=True)
class Report:
    """What a run came to: one line for each source, and what could not be done."""

    lines: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def text(self) -> str:
        """The report as it is sent."""
        return "\n".join([*self.lines, *(f"FAILED {line}" for line in self.failed)])


def run(sources: Sequence[str], reference: Path, proposals: Path, settings: DownloadSettings, day: dt.date) -> Report:
    """Fetch each source, propose what it gives, and tell; a source that fails does not stop the next.

    Returns
    -------
    Report
        What could not be fetched, read or told is in `failed`.
    """
    lines, failed = [], []
    for source in sources:
        try:
            urls = addresses(source, settings, day - HALF_A_YEAR, day)
            downloads = Downloads(source, settings, day)
            files = [downloads.fetch(url) for url in urls]
            proposal = take(source, Request(files, WorkingTables(reference)), proposals)
        except ExposureError as error:
            failed.append(f"{source}: {error}")
            continue
        counts = ", ".join(f"{count} {kind}" for kind, count in proposal.about["rows"].items())
        lines.append(f"{source}: {counts}; {len(proposal.open_rows())} to review in {proposal.name}")
    report = Report(tuple(lines), tuple(failed))
    return Report(report.lines, (*report.failed, *_tell(report.text, settings)))


def _tell(text: str, settings: DownloadSettings) -> list[str]:
    """Send the report; what could not be sent is told to whoever reads the output of the job."""
    failed = []
    if settings.webhook:
        try:
            deliver(settings.webhook, json.dumps({"text": text}).encode(), settings.patience)
        except ExposureError as error:
            failed.append(str(error))
    if settings.mail_to:
        try:
            _mail(text, settings)
        except (OSError, smtplib.SMTPException) as error:
            failed.append(f"mail: {error}")
    return failed


def _mail(text: str, settings: DownloadSettings) -> None:
    message = EmailMessage()
    message["Subject"] = "Facts to review"
    message["From"], message["To"] = settings.mail_from, settings.mail_to
    message.set_content(text)
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=settings.timeout_seconds) as server:
        if settings.smtp_user:
            server.starttls()
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)
