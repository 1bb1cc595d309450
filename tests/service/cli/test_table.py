"""Tables on narrow terminals: no figure is cut, what has no room is named, and notes are never lost."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from service.cli.render.console import amount, number
from service.cli.render.table import ASKED, code, figure, note, print_table, text
from service.cli.wrapping import spans

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


def test_what_was_asked_for_gives_way_last_and_only_where_it_has_no_room():
    columns = [text("query"), text("company"), figure("score"), figure("range", ASKED), figure("rank", 1)]
    rows = [["US0382221051", "Applied Materials, Inc.", "57.4", "46.6 to 71.8", "12"]]
    assert "46.6 to 71.8" in printed(41, columns, rows)
    assert "rank" in printed(41, columns, rows).partition("Not shown")[2]
    assert "46.6 to 71.8" not in printed(40, columns, rows)
    assert max(map(len, printed(40, columns, rows).splitlines())) <= 40


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


def test_a_note_of_many_rows_is_said_once_where_it_has_no_room():
    shared = "the China share is estimated; no annual revenue in the release"
    rows = [[query, "Some Company", "5.0", "1.0", "7", shared] for query in ("A", "B", "C")]
    narrow = printed(40, rows=[*rows, ROWS[0]])
    assert " ".join(narrow.split()).count(shared) == 1
    marked = [line for line in narrow.splitlines() if "(a)" in line]
    assert [line.split()[0] for line in marked] == ["A", "B", "C", "(a)"]
    assert all("Some Company (a)" in line for line in marked[:3])
    assert max(map(len, narrow.splitlines())) <= 40
    assert "China share derived" in narrow
    assert " ".join(printed(160, rows=rows).split()).count(shared) == 3
    assert " ".join(printed(40, rows=rows[:2]).split()).count(shared) == 2


def test_a_code_is_whole_unless_it_is_wider_than_the_terminal():
    listed = [code(""), note("")]
    rows = [["china-cuts-rare-earths-to-japan", "As in 2010"]]
    assert "china-cuts-rare-earths-to-japan\n" in printed(31, listed, rows)
    assert printed(30, listed, rows).splitlines()[:2] == ["china-cuts-rare-earths-to-", "japan"]


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        ("licence-required on yttrium", 11, ["licence-", "required on", "yttrium"]),
        ("well-known parts", 12, ["well-known", "parts"]),
        ("see https://example.com/a-long/path now", 10, ["see", "https://example.com/a-long/path", "now"]),
        ("ソニーグループ 株", 8, ["ソニーグ", "ループ", "株"]),
        ("one\n\ntwo", 8, ["one", "", "two"]),
        ("", 8, [""]),
    ],
)
def test_lines_break_at_spaces_then_at_hyphens_and_never_within_an_address(words, width, lines):
    assert [words[start:end] for start, end in spans(words, width)] == lines
