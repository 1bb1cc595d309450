"""Tables on narrow terminals: no figure is cut, what has no room is named, and notes are never lost."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from service.cli.render.console import amount, number
from service.cli.render.table import figure, note, print_table, text

COLUMNS = [text("query"), text("company"), figure("score"), figure("market pts", 5), figure("rank", 4), note()]
ROWS = [
    ["8035.T", "Tokyo Electron Ltd", "61.1", "22.6", "3", "China share derived"],
    ["A", "Agilent Technologies, Incorporated", "5.25", "1.125", "1,234", ""],
    ["ソニー", "Sony Group Corp", "", "", "", "unresolved: no code, identifier or name of this release fits"],
]


def printed(width: int, columns=COLUMNS, rows=ROWS) -> str:
    out = io.StringIO()
    print_table(Console(file=out, width=width, color_system=None, highlight=False), columns, rows)
    return out.getvalue()


@pytest.mark.parametrize("width", range(20, 161, 7))
def test_every_figure_is_whole_or_its_column_is_named_as_hidden(width):
    shown = printed(width)
    hidden = re.findall(r"want of room: (.*?);", " ".join(shown.split()))
    for place, heading in ((2, "score"), (3, "market pts"), (4, "rank")):
        if hidden and heading in hidden[0]:
            assert heading != "score"
            continue
        for row in ROWS:
            assert row[place] in shown.replace("\n", " ")


@pytest.mark.parametrize("width", range(30, 161, 7))
def test_no_word_of_a_note_is_lost(width):
    words = " ".join(printed(width).split())
    assert "China share derived" in words
    for word in ROWS[2][5].split():
        assert word in words


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_terminal(width):
    console = Console(width=width)
    for line in printed(width).splitlines():
        assert console.render_str(line).cell_len <= width


def test_the_width_that_is_named_shows_all():
    (width,) = re.findall(r"COLUMNS=(\d+)", " ".join(printed(40).split()))
    assert "want of room" not in printed(int(width))
    assert "want of room" in printed(int(width) - 1)


def test_figures_that_never_hide_reach_over_the_edge():
    assert "1,234,567,890" in printed(10, [figure("amount")], [["1,234,567,890"]])


def test_columns_that_hold_nothing_are_left_out():
    assert "note" not in printed(150, rows=[[*ROWS[1][:5], ""]])


@pytest.mark.parametrize(
    ("value", "shown"),
    [(14_812_678.4, "14,812,678"), (-1e15, "-1,000,000,000,000,000"), (0.05, "0.05"), (100.0, "100"), (0, "0")],
)
def test_amounts_have_no_exponent(value, shown):
    assert amount(value) == shown


@pytest.mark.parametrize(
    ("value", "form", "shown"), [(-0.04, "+.1f", "+0.0"), (-0.04, ".1f", "0.0"), (-1, ".1f", "-1.0")]
)
def test_what_rounds_to_zero_has_no_minus(value, form, shown):
    assert number(value, form) == shown
