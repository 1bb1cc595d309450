"""Reports: one company or one book as a single file that needs nothing else, as HTML or as PDF."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from scoring.errors import InputError, OutputError
from service.version import package_version
from service.web.assets import FOLDER, MEDIA_TYPES
from service.web.content.book import book_content
from service.web.content.company import acts_of, company_content, counted_figures
from service.web.content.history import first_day, history_of
from service.web.content.scenarios import library_on
from service.web.content.words import drawn
from service.web.render import environment

if TYPE_CHECKING:
    from scoring.portfolio.result import PortfolioScore
    from scoring.scorer import Scorer

_URL: Final = re.compile(r"url\(([^)]+)\)")


@dataclass(frozen=True)
class Paper:
    """What stands around a report: it rests on one scorer and leads to no other page.

    Attributes
    ----------
    scorer : Scorer
    pictures : mapping of str to str
        Charts as addresses that hold them, by name; without a chart why there is none.
    """

    scorer: Scorer
    pictures: Mapping[str, str]

    is_paper: ClassVar[bool] = True

    @property
    def as_of(self) -> str:
        """Day of the numbers."""
        return self.scorer.as_of.isoformat()

    def picture(self, path: str) -> str:
        """Address of the chart that a page has under a path."""
        return self.pictures[path.rpartition("/")[2]]


def company_report(scorer: Scorer, company_id: str, *, uncertainty: bool = False) -> bytes:
    """Everything about one company as HTML, as its page tells it.

    Parameters
    ----------
    scorer : Scorer
    company_id : str
    uncertainty : bool
        Whether to tell how far the score could move, which takes longer.

    Raises
    ------
    QueryError
        There is no such company.
    """
    content = company_content(scorer, company_id)
    scenarios = library_on(scorer, company_id)
    start = first_day(scorer.as_of)
    content |= {
        "history": history_of(scorer, company_id, start),
        "start": start,
        "acts": acts_of(scorer, company_id),
        "scenarios": scenarios,
        "most": max((abs(one["delta"] or 0) for one in scenarios), default=1),
    }
    if uncertainty:
        interval = scorer.columns([company_id], uncertainty=True)
        content["row"] |= {name: column.tolist()[0] for name, column in interval.items() if name not in content["row"]}
    return _written("report_company.html", Paper(scorer, _company_pictures(scorer, content)), content)


def book_report(scorer: Scorer, result: PortfolioScore, name: str, benchmark_name: str | None = None) -> bytes:
    """A scored book as HTML, with every position."""
    content = {"name": name, "benchmark_name": benchmark_name, "plain": None}
    return _written("report_book.html", Paper(scorer, {}), content | book_content(scorer, result, most=None))


def to_pdf(html: bytes) -> bytes:
    """A report on pages of A4.

    Raises
    ------
    OutputError
        WeasyPrint is not installed, or a library of the system that it needs is missing.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise OutputError(
            "--pdf",
            f"WeasyPrint cannot be used ({str(error).splitlines()[0]})",
            'install "exposure-risk[report]" and the library Pango, or print the HTML from a browser',
        ) from None
    fetcher = URLFetcher(allowed_protocols=["data"])
    made: bytes = HTML(string=html.decode(), url_fetcher=fetcher).write_pdf()
    return made


def _written(template: str, paper: Paper, content: Mapping[str, Any]) -> bytes:
    shared = {"frame": paper, "style": _style(), "version": package_version()}
    return environment().get_template(template).render(**shared, **content).encode()


def _company_pictures(scorer: Scorer, content: Mapping[str, Any]) -> dict[str, str]:
    from scoring.charts.company import china_chart, peers_chart
    from scoring.charts.drawing import to_svg
    from scoring.charts.history import history_chart
    from scoring.charts.what_if import scenarios_chart
    from scoring.lookup.company import company
    from service.web.rows import universe

    name, counted = content["row"]["company_id"], counted_figures(content["explanation"])
    charts: dict[str, Callable[[], Any]] = {
        "history": lambda: history_chart(content["history"], scorer.methodology),
        "china": lambda: china_chart(company(scorer, name), counted),
        "what-if": lambda: scenarios_chart(content["scenarios"], content["row"]["name"]),
        "peers": lambda: peers_chart(universe(scorer), name),
    }
    pictures = {}
    for key, chart in charts.items():
        try:
            picture = to_svg(chart())
        except InputError as error:  # nothing to draw, or nothing to draw it with
            picture = drawn(f"{error.problem}; {error.fix}")
        pictures[key] = _address(picture, "image/svg+xml")
    return pictures


def _style() -> str:
    """Style sheets of a report, with the fonts that they name."""
    whole = "".join((FOLDER / name).read_text("utf-8") for name in ("desk.css", "report.css"))

    def brought(found: re.Match[str]) -> str:
        path = FOLDER / found[1]
        return f"url({_address(path.read_bytes(), MEDIA_TYPES[path.suffix])})"

    return _URL.sub(brought, whole)


def _address(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
