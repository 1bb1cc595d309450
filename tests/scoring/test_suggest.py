"""What is offered for a wrong name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scoring.suggest import near, nearest

MINERALS = ("gallium", "germanium", "graphite", "rare earths, heavy", "rare earths, light")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("galium", ["gallium"]),
        ("GALIUM", ["gallium"]),
        ("  germanum", ["germanium"]),
        ("earths", ["rare earths, heavy", "rare earths, light"]),
        ("unobtainium-x9", []),
        ("", []),
        ("x" * 100_000, []),
    ],
)
def test_what_is_alike_comes_first(name, expected):
    assert near(name, MINERALS)[: len(expected) or 1] == expected


def test_parts_of_longer_names_only_where_they_are_wanted():
    assert near("earths", MINERALS, parts=False) == []


def test_no_more_than_asked_for():
    known = [f"rule-2022-10-0{number}" for number in range(9)]
    assert len(near("rule-2022-10-0x", known)) == 3
    assert len(near("rule-2022-10-0x", known, 1)) == 1


def test_the_words_of_a_fix():
    assert nearest("galium", MINERALS) == "nearest: gallium, germanium; "
    assert nearest("zzz", MINERALS) == ""


def test_importing_it_costs_nothing():
    code = "import sys, scoring.suggest; print(sorted({'rapidfuzz', 'numpy', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
