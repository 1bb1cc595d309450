"""`exposure serve`: hands over to `service.server`, which is imported only when something is served."""

from __future__ import annotations

import typer

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Context settings of the command: its options are those of `service.settings`, read there."""


def serve(context: typer.Context) -> None:
    """Serve scores over HTTP until stopped; requests in flight are finished first."""
    from service.server import app

    app(args=context.args, prog_name="exposure serve", standalone_mode=False)
