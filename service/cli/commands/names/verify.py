"""`exposure verify`: compute a receipt again, and say exactly what differs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from scoring.errors import InputError
from service.cli.options import AsJson, OverlayFolder, ReleaseName, open_with_overlay

EXIT_DIFFERENT: Final = 4


def verify(
    receipt: Annotated[Path, typer.Argument(metavar="FILE", help="Receipt, from `exposure score --receipt FILE`.")],
    release: ReleaseName = None,
    overlay: OverlayFolder = None,
    as_json: AsJson = False,
) -> None:
    """Compute the scores of a receipt again.

    Exit status: 0 everything is as stated (numbers within 1e-9), 2 bad input, 4 something differs, which is named.
    """
    from scoring.receipt.document import read_receipt
    from scoring.receipt.verification import verify as compute

    try:
        stated = read_receipt(receipt.read_bytes())
    except OSError as error:
        raise InputError(str(receipt), f"cannot be read ({error.strerror})", "name a receipt") from None
    base = stated.release.partition("+")[0] if release is None else release
    outcome = compute(stated, open_with_overlay(base, overlay))
    if as_json:
        typer.echo(json.dumps({"is_verified": outcome.is_verified, **outcome.model_dump(mode="json")}, indent=2))
    elif outcome.is_verified:
        from service.cli.render.console import console

        console().print(
            f"verified: {outcome.rows} rows as of {stated.as_of}, release {stated.release} "
            f"({stated.release_sha256[:12]}), methodology {stated.methodology['version']}"
        )
    else:
        for difference in outcome.differences:
            where = f"{difference.query}: " if difference.query is not None else ""
            typer.echo(f"{where}{difference.what}: stated {difference.stated}, found {difference.found}")
    if not outcome.is_verified:
        raise typer.Exit(EXIT_DIFFERENT)
