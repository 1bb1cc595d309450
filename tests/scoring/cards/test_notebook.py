"""What a notebook shows: cards with the numbers of their objects, pictures of their points, and plain messages."""

from __future__ import annotations

import html.parser
import re
import subprocess
import sys

import pandas as pd
import pytest

import scoring
from scoring.cards.words import points
from scoring.errors import InputError
from scoring.portfolio.holdings import make_holdings
from scoring.timeseries.history import history
from tests.conftest import METHODOLOGY, RELEASE

AS_OF = "2024-09-02"
HOLDINGS = {"8035.T": 0.5, "ASML NA": 0.3, "AMTA": 0.2}


@pytest.fixture(scope="module")
def things(release, scorer_at):
    scorer = scorer_at(AS_OF)
    book = make_holdings(list(HOLDINGS), {"weight": list(HOLDINGS.values())})
    return {
        "scorer": scorer,
        "explanation": scorer.explain("8035.T"),
        "portfolio": scoring.score_portfolio(scorer, book),
        "history": history(release, "8035.T", "2024-01-01", AS_OF, "Q", METHODOLOGY),
    }


class Balanced(html.parser.HTMLParser):
    """Refuses a piece of HTML whose elements do not close as they open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", ["scorer", "explanation", "portfolio", "history"])
def test_a_card_is_whole_and_names_what_it_rests_on(things, name):
    card = things[name]._repr_html_()
    reader = Balanced()
    reader.feed(card)
    assert reader.open == []
    for word in (RELEASE, METHODOLOGY):
        assert word in card
    assert "None" not in card
    assert "nan" not in card


def test_a_card_has_the_numbers_of_its_object(things):
    explanation = things["explanation"]
    card = explanation._repr_html_()
    assert points(explanation.score) in card
    for pillar in explanation.tree.children:
        assert points(pillar.points) in card
        assert pillar.children[0].label.replace("'", "&#39;") in card
    widths = [float(width) for width in re.findall(r'width="([\d.]+)" height="4" fill="#[0-9a-f]{6}"/>', card)]
    assert sum(widths) == pytest.approx(explanation.score, abs=0.02)
    assert "unresolved" in things["portfolio"]._repr_html_()


def test_a_name_in_a_card_is_text(things):
    renamed = things["explanation"].model_copy(update={"name": "<script>alert(1)</script>"})
    assert "<script>" not in renamed._repr_html_()


def test_pictures_have_the_points_of_their_object(things, release):
    explanation = things["explanation"]
    values = scoring.plot(explanation).to_dict()["data"]["values"]
    assert sum(row["points"] for row in values) == pytest.approx(explanation.score, abs=1e-9)
    frame = things["scorer"].score(["8035.T", "ASML NA", "AMTA"])
    values = scoring.plot(frame).to_dict()["data"]["values"]
    assert sum(row["points"] for row in values) == pytest.approx(frame["score"].sum(), abs=1e-9)
    event = scoring.event(release, "us-2022-10-07-sme-home", methodology=METHODOLOGY).head(5)
    values = scoring.plot(event).to_dict()["data"]["values"]
    assert sum(row["points"] for row in values) == pytest.approx(event["delta"].sum(), abs=1e-9)
    values = scoring.plot(things["scorer"]).to_dict()["data"]["values"]
    assert sum(row["companies"] for row in values) == things["scorer"].universe()["score"].notna().sum()
    assert scoring.plot(things["history"]).to_dict()["layer"]
    assert scoring.plot(things["portfolio"]).to_dict()["data"]["values"]
    with pytest.raises(InputError, match="no picture of a int"):
        scoring.plot(3)
    with pytest.raises(InputError, match="no points of the pillars"):
        scoring.plot(pd.DataFrame({"x": [1]}))


def test_a_styled_table_writes_numbers_as_pages_do(things):
    frame = things["scorer"].score(["8035.T", "AMTA"])
    before = frame.copy()
    shown = scoring.styled(frame[["query", "score", "market", "rank", "as_of", "release", "methodology"]]).to_html()
    assert points(frame.loc[0, "score"]) in shown
    assert f"{frame.loc[0, 'market']:.1%}" in shown
    assert f"release {RELEASE}" in shown
    assert shown.count("–") == 3  # what an unresolved name does not have
    pd.testing.assert_frame_equal(frame, before)


def test_a_notebook_without_altair_shows_one_line():
    code = (
        "import sys; sys.modules['altair'] = None\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance(colors='nocolor')\n"
        f"shell.run_cell('import scoring; s = scoring.Scorer(scoring.open_release(\"{RELEASE}\")); scoring.plot(s)')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    shown = done.stdout + done.stderr
    assert 'chart: altair is not installed. Fix: install "exposure-risk[charts]"' in shown
    assert "Traceback" not in shown
