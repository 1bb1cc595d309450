"""Errors a user can act on: each names the field that is wrong, what is wrong with it, and the fix."""

from __future__ import annotations

from collections.abc import Sequence


class ExposureError(Exception):
    """Base of every error this library raises on purpose.

    Parameters
    ----------
    field : str
        The argument, column, file or document field that is wrong.
    problem : str
        What is wrong with it, with the offending value.
    fix : str
        The next step for the user.

    Attributes
    ----------
    code : str
        Stable machine-readable name of the mistake; the HTTP API uses it in its problem `type`.
    """

    code = "error"

    def __init__(self, field: str, problem: str, fix: str) -> None:
        self.field = field
        self.problem = problem
        self.fix = fix
        super().__init__(f"{field}: {problem}. Fix: {fix}")

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message says what to do, and a traceback would hide it."""
        return [str(self)]


class AsOfError(ExposureError):
    """The as-of date is malformed or later than the release supports."""

    code = "as-of-invalid"


class ReleaseNotFoundError(ExposureError):
    """No such release in the store."""

    code = "release-not-found"


class StoreError(ReleaseNotFoundError):
    """The store of releases cannot be reached or read, whatever it holds."""

    code = "store-unreachable"


class ReleaseCorruptError(ExposureError):
    """A release whose files do not match its descriptor, or whose schema this version cannot read."""

    code = "release-corrupt"


class ReleaseExistsError(ExposureError):
    """A release of that version exists already; releases are immutable."""

    code = "release-exists"


class ReferenceInvalidError(ExposureError):
    """Working tables that break the data dictionary.

    Attributes
    ----------
    offences : sequence of str
        One line per offence, each with file and line number.
    """

    code = "reference-invalid"

    def __init__(self, field: str, problem: str, fix: str, offences: Sequence[str] = ()) -> None:
        super().__init__(field, problem, fix)
        self.offences = tuple(offences)


class MethodologyNotFoundError(ExposureError):
    """No such methodology document."""

    code = "methodology-not-found"


class MethodologyInvalidError(ExposureError):
    """A methodology document with an unknown, missing or out-of-range value."""

    code = "methodology-invalid"


class ScenarioNotFoundError(ExposureError):
    """No such scenario in the library."""

    code = "scenario-not-found"


class ScenarioInvalidError(ExposureError):
    """A scenario that does not validate, contradicts itself, or names what the release does not have."""

    code = "scenario-invalid"


class HoldingsError(ExposureError):
    """A book whose positions cannot be added up."""

    code = "holdings-invalid"


class FilterError(ExposureError):
    """A screen with an unknown filter value, column or size."""

    code = "filter-invalid"


class ReceiptInvalidError(ExposureError):
    """A receipt that is none, or was changed after it was written."""

    code = "receipt-invalid"


class QueryError(ExposureError):
    """One identifier was expected to name one company, and does not."""

    code = "query-unresolved"


class InputError(ExposureError):
    """A file or list of tickers that cannot be read."""

    code = "input-invalid"


class SchemaMismatchError(ExposureError):
    """Two releases cannot be compared: a column that enters scores differs."""

    code = "schema-mismatch"


class OutputError(ExposureError):
    """A result that cannot be written where or how it was asked for."""

    code = "output-invalid"


def not_installed(what: str, error: ModuleNotFoundError, extra: str) -> InputError:
    """Error for who has this project without the packages that something of it needs.

    Parameters
    ----------
    what : str
        What was asked for.
    error : ModuleNotFoundError
        Of the package that is missing.
    extra : str
        The extra of this project that has the package.

    Raises
    ------
    ModuleNotFoundError
        `error` itself, where a part of this project is missing: no extra has that.
    """
    package = (error.name or "").partition(".")[0]
    if package in ("", "scoring", "service"):
        raise error
    return InputError(
        what, f"needs the package {package}, which is not installed", f'pip install "exposure-risk[{extra}]"'
    )
