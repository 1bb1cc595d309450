"""The command `exposure`.

Exit status: 0 done; 1 an error of ours; 2 bad input, named with its fix; 3 some queries did not resolve;
4 a receipt differs, or a score moved by the threshold that was asked for; 5 an alert was not delivered;
130 interrupted.
"""

from __future__ import annotations

import sys
from typing import Final

from scoring.errors import not_installed

EXIT_BAD_INPUT: Final = 2

_EXTRAS: Final = {"alert": "ingest", "data": "ingest", "key": "serve", "mcp": "mcp", "serve": "serve"}
"""Command -> extra of the package that has what it needs; what is not here needs `score`."""


def main() -> None:
    """Run the command; without the packages that it needs, say in one line which extra has them."""
    try:
        from service.cli.process import run

        run()
    except ModuleNotFoundError as error:
        command = sys.argv[1] if sys.argv[1:] and sys.argv[1] in _EXTRAS else ""
        missing = not_installed(f"exposure {command}".strip(), error, _EXTRAS.get(command, "score"))
        print(f"error: {missing}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
