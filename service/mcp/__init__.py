"""The Model Context Protocol: what assistants ask, answered by the HTTP API, cut to what fits a conversation."""

from importlib.util import find_spec

from scoring.errors import InputError


def check_installed() -> None:
    """Refuse to go on without the package that speaks the protocol.

    Raises
    ------
    InputError
        It is not installed.
    """
    if find_spec("mcp") is None:
        raise InputError("mcp", "needs a package that is not installed", 'pip install "exposure-risk[mcp]"')
