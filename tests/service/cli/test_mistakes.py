"""A newcomer's mistakes on the command line are one line each, with the field and the fix."""

from __future__ import annotations

import socket
import sys

import pytest

from service.cli.process import run

MISTAKES = {
    ("scor", "8035.T"): "scor: is no command of exposure. Fix: nearest: score, ",
    ("scenario", "rnu"): "rnu: is no command of exposure scenario. Fix: nearest: run; `exposure scenario --help`",
    ("score", "8035.T", "--asof", "2024-01-01"): "--asof: is no option of exposure score. Fix: nearest: --as-of; ",
    ("score", "8035.T", "--estimate", "exclude"): "Fix: nearest: --estimates; `exposure score --help` lists all",
    ("score", "8035.T", "--estimates", "exlude"): "--estimates: 'exlude' is not one of 'include', 'exclude', 'only'.",
    ("score",): "is missing. Fix: write exposure score [OPTIONS] TICKERS...; ",
    ("events",): "--company: is missing. Fix: add --company TICKER; ",
    ("report", "8035.T"): "--output / -o: is missing. Fix: add --output FILE; ",
    (
        "portfolio",
        "8035.T",
        "ASML",
    ): "ASML: is more than the command takes. Fix: write exposure portfolio ",
    ("score", "8035.T", "--as-of"): "--as-of: has no value. Fix: give it one; ",
    ("score", "8035.T", "--uncertainty=yes"): "--uncertainty: takes no value. Fix: leave the value out; ",
    ("score", "8035.T", "--uncertainty", "--draws", "many"): "--draws: 'many' should be a valid integer. Fix: ",
    ("explain", "8035.T", "--top", "0"): "--top: '0' should be greater than or equal to 1. Fix: ",
    ("score", "8035.T", "--draws", "10"): "--draws, --seed: are of an interval, and none is asked for. Fix: add --unc",
    ("score", "8035.T", "--format", "xls"): "--format: 'xls' is not known. Fix: use one of table, csv, ",
    ("score", "8035.T", "--sheet", "2"): "--sheet: is of a file, and no file is given. Fix: give the file, or ",
    ("score", "nowhere.csv"): "nowhere.csv: does not exist. Fix: check the name and the folder",
    ("score", "8035.T", "--methodology", "2027"): "--methodology: 2027 does not exist. Fix: choose one of: 2026.1, ",
    ("score", "8035.T", "--as-of", "02/09/2024"): "--as-of: '02/09/2024' is not a date. Fix: write it as YYYY-MM-DD",
    ("explain", "nowhere.csv"): "nowhere.csv: is a file, and this command is of one company. Fix: give its ticker; ",
    ("events", "--company", "-"): "-: is a file, and this command is of one company. Fix: give its ticker; ",
    ("portfolio", "8035.T"): "8035.T: does not exist. Fix: check the name and the folder; a file is wanted here, and ",
    ("study", "nowhere.csv"): "nowhere.csv: does not exist. Fix: check the name and the folder",
    ("verify", "nowhere.json"): "nowhere.json: cannot be read (No such file or directory). Fix: name a receipt",
    ("overlay", "check", "nowhere"): "there is none of that name",
    ("serve", "--prot", "8000"): "--prot: is no option of exposure serve. Fix: nearest: --port; ",
    ("serve", "--port", "abc"): "--port: 'abc' should be a valid integer. Fix: `exposure serve --help` lists all",
    ("data", "review", "nothing", "--accept"): "Fix: make one with `exposure data take`",
}


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_a_mistake_is_one_line_with_its_fix(words, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["exposure", *words])
    with pytest.raises(SystemExit) as ended:
        run()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    *_, line = said.err.splitlines()
    assert MISTAKES[words] in line
    assert line.startswith("error: ")
    assert " Fix: " in line


def test_a_server_on_a_port_that_is_taken_says_so(capsys, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(sys, "argv", ["exposure", "serve", "--port", str(port)])
        with pytest.raises(SystemExit) as ended:
            run()
    assert ended.value.code == 2
    fix = "Fix: choose another, or 0 for a free one"
    assert capsys.readouterr().err == (
        f"error: --port: {port} cannot be taken on 127.0.0.1 (Address already in use). {fix}\n"
    )


def test_a_list_without_keys_says_how_to_make_one(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["exposure", "key", "list", "--key-file", "none.json"])
    with pytest.raises(SystemExit) as ended:
        run()
    assert not ended.value.code
    assert capsys.readouterr().err == "note: none.json has no keys; `exposure key create NAME` makes one\n"
