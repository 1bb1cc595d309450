"""`exposure alert`: tell a webhook which names of a list moved, and why."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.commands.what_if.changes import ToEnd
from service.cli.compared import End, scored_ends
from service.cli.options import EstimatesOption, MethodologyName, OverlayFolder, ReleaseName
from service.cli.queries import (
    EncodingOption,
    HeaderRow,
    SheetOption,
    TickerColumn,
    TickersArgument,
    exit_unresolved,
    read_queries,
    reading_of,
)

EXIT_NOT_DELIVERED: Final = 5


def alert(
    tickers: TickersArgument,
    start: Annotated[str, typer.Option("--from", metavar="DATE|VERSION", help="Date or release to start from.")],
    threshold: Annotated[
        float, typer.Option("--threshold", metavar="POINTS", help="Tell of a score that moved by so much or more.")
    ],
    end: ToEnd = None,
    webhook: Annotated[
        str | None,
        typer.Option("--webhook", metavar="URL", help="Where to POST it. Default: EXPOSURE_ALERT_WEBHOOK."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent, and send nothing.")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Day of both ends, where releases are compared.")
    ] = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    overlay: OverlayFolder = None,
    estimates: EstimatesOption = "include",
    ticker_column: TickerColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
) -> None:
    """Tell a webhook which names of a list moved between two dates or releases, and why. For a scheduler.

    The names whose score moved by the threshold, appeared or disappeared are POSTed as the JSON of `exposure changes
    --json` for these names; without any, nothing is sent. Its Idempotency-Key is the SHA-256 of the body: the same
    alert has the same one. With EXPOSURE_ALERT_SECRET it is signed: Exposure-Signature is sha256= and the
    HMAC-SHA256 of the body. A receiver that fails is asked again.

    Exit status: 0 delivered, or nothing to tell, 2 bad input, 3 some queries did not resolve (what the others give
    was delivered), 5 not delivered.
    """
    from scoring.changes.compare import what_changed
    from scoring.errors import InputError
    from service.alerts.alert import alert_on
    from service.alerts.settings import read_alert_settings
    from service.alerts.webhook import DeliveryError, check_address, deliver, identity
    from service.from_to import read_ends

    settings = read_alert_settings()
    url = webhook or settings.webhook
    if not url and not dry_run:
        raise InputError("webhook", "is missing", "give --webhook, set EXPOSURE_ALERT_WEBHOOK, or take --dry-run")
    if not dry_run:
        host = check_address(url).host
    queries = read_queries(tickers, reading_of(ticker_column, sheet, header_row, encoding))
    ends = read_ends(start, end, as_of=as_of)
    before, after = scored_ends(ends, release, [End(methodology, overlay=overlay)] * 2, estimates)
    changes = what_changed(before, after, queries, threshold)
    told = alert_on(changes)
    if told is None:
        typer.echo(f"none of {len(queries)} moved by {threshold:g} points or more; nothing is sent", err=True)
    elif dry_run:
        typer.echo(told.model_dump_json(by_alias=True))
    else:
        body = told.model_dump_json(by_alias=True).encode()
        try:
            deliver(url, body, settings.patience, settings.secret.get_secret_value())
        except DeliveryError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(EXIT_NOT_DELIVERED) from None
        typer.echo(f"{len(told.rows)} of {len(queries)} told to {host} as {identity(body)}", err=True)
    unresolved = [str(row.query) for row in changes.rows if row.status in ("unresolved", "ambiguous")]
    if unresolved:
        typer.echo(f"not resolved, left out: {', '.join(unresolved)}", err=True)
    exit_unresolved(row.status for row in changes.rows)
