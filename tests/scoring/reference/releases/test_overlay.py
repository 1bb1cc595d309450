"""Overlays: the same checks, the same numbers where the facts are the same, and a mark on every private fact."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from functools import cache

import numpy as np
import pytest

import scoring
from scoring.errors import ReferenceInvalidError
from scoring.reference.releases.overlay import lay_over
from scoring.reference.tables import TABLES

AS_OF = "2026-07-31"


@pytest.fixture(scope="module")
def bundled():
    return scoring.open_release()


def text(cell):
    """Cell as it stands in a file."""
    if cell is None or isinstance(cell, bool):
        return {None: "", True: "true", False: "false"}[cell]
    return repr(cell) if isinstance(cell, float) else str(cell)


@cache
def released(table):
    return scoring.open_release().table(table).to_pylist()


def rows(table, keep):
    """Rows of the release as those of an overlay."""
    every = ({column: text(row[column]) for column in TABLES[table].columns} for row in released(table))
    return [row for row in every if keep(row)]


def write(folder, table, some):
    folder.mkdir(exist_ok=True)
    header = [column for column in TABLES[table].columns if all(column in row for row in some)]
    with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(some)
    return folder


def of(company):
    return lambda row: row["company_id"] == company


def test_identical_facts_change_nothing_but_the_marks(bundled, tmp_path):
    folder = tmp_path / "house"
    for table in ("revenue", "segments", "business_mix", "companies"):
        write(folder, table, rows(table, of("tokyo-electron")))
    write(folder, "rules", rows("rules", lambda row: row["imposed_by"] == "JP"))
    laid = lay_over(bundled, folder)
    before, after = (scoring.Scorer(release, AS_OF) for release in (bundled, laid))
    order = [after.evaluation.facts.company_ids.index(name) for name in before.evaluation.facts.company_ids]
    assert np.array_equal(before.evaluation.points, after.evaluation.points[order], equal_nan=True)
    one, other = (scorer.explain("8035.T") for scorer in (before, after))
    assert one.score == other.score
    assert {fact.origin for fact in one.facts.values()} == {"release"}
    marked = {fact.table for fact in other.facts.values() if fact.origin == "overlay house"}
    assert marked == {"revenue", "business_mix", "rules"}
    assert laid.version == f"{bundled.version}+house"
    assert laid.sha256 != bundled.sha256
    assert other.release == laid.version


@pytest.mark.parametrize("table", ["family_rules", "minerals", "coercion_events", "rules", "product_families"])
def test_the_order_of_facts_and_so_the_last_bit_stays(bundled, tmp_path, table):
    """A third of a table that many scores sum over, in another order, lies where it lay."""
    every = rows(table, lambda row: True)
    some = random.Random(1).sample(every, len(every) // 3)
    laid = lay_over(bundled, write(tmp_path / "house", table, some))
    assert laid.table(table).equals(bundled.table(table).select(laid.table(table).column_names))
    assert laid.laid[table].replaced == len(some) == len(laid.laid[table].rows)
    before, after = (scoring.Scorer(release, AS_OF) for release in (bundled, laid))
    assert np.array_equal(before.evaluation.points, after.evaluation.points, equal_nan=True)


def test_only_the_rows_of_the_overlay_are_marked(bundled, tmp_path):
    row, spare = rows("revenue", of("tokyo-electron"))[:2]
    new = spare | {"fiscal_year": "2019H1"}
    laid = lay_over(bundled, write(tmp_path / "house", "revenue", [new, row]))
    place = rows("revenue", lambda _: True).index(row)
    last = bundled.table("revenue").num_rows
    assert laid.laid["revenue"].rows == {place, last}
    assert laid.row("revenue", last)["fiscal_year"] == "2019H1"
    assert [laid.origin("revenue", i) for i in (place, place + 1, last)] == [
        "overlay house",
        "release",
        "overlay house",
    ]
    assert laid.origin("rules", 0) == bundled.origin("revenue", place) == "release"


def test_the_name_and_the_identity(bundled, tmp_path):
    some = rows("revenue", of("tokyo-electron"))
    first = write(tmp_path / "one", "revenue", some)
    second = write(tmp_path / "two", "revenue", some)
    path = second / "revenue.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (second / "overlay.yaml").write_text("name: one\n")
    (second / "README.md").write_text("for people")
    laid, same = lay_over(bundled, first), lay_over(bundled, second)
    assert same.version == f"{bundled.version}+one"
    assert same.sha256 == laid.sha256
    assert lay_over(bundled, first, "other").sha256 != laid.sha256
    assert lay_over(bundled, write(tmp_path / "one", "revenue", some[1:])).sha256 != laid.sha256


def test_an_overlay_is_not_laid_over_another(bundled, tmp_path):
    folder = write(tmp_path / "house", "revenue", rows("revenue", of("tokyo-electron")))
    with pytest.raises(ReferenceInvalidError, match="has an overlay already"):
        lay_over(lay_over(bundled, folder), folder)


def test_a_second_main_listing_is_blamed_on_the_overlay(bundled, tmp_path):
    row = rows("listings", of("tokyo-electron"))[0] | {"mic": "XNYS", "ticker": "HOUSE"}
    row |= dict.fromkeys(("isin", "isin_evidence", "figi"), "")
    with pytest.raises(ReferenceInvalidError, match=r"listings.csv:2: primary: .* second main listing"):
        lay_over(bundled, write(tmp_path / "house", "listings", [row | {"primary": "true"}]))


def test_a_house_china_share(bundled, tmp_path):
    row = rows("revenue", lambda r: r["company_id"] == "tokyo-electron" and r["fiscal_year"] == "2025")[0]
    row |= {"china_share": "0.5", "china_revenue": "", "evidence": "analyst-estimate", "note": "house view"}
    laid = lay_over(bundled, write(tmp_path / "house", "revenue", [row]))
    before, after = (scoring.Scorer(release, AS_OF, "2026.1").score(["8035.T", "ASML"]) for release in (bundled, laid))
    assert after.loc[0, "china_share"] == 0.5
    assert after.loc[0, "china_share_kind"] == "modelled"
    assert after.loc[0, "score"] > before.loc[0, "score"]
    assert after.loc[1, "score"] == before.loc[1, "score"]
    # Point in time holds for private facts too.
    early = scoring.Scorer(laid, "2024-09-02", "2026.1").score(["8035.T"])
    assert early.loc[0, "score"] == scoring.Scorer(bundled, "2024-09-02", "2026.1").score(["8035.T"]).loc[0, "score"]


def test_a_company_that_is_not_listed(bundled, tmp_path):
    folder = tmp_path / "private"
    company = rows("companies", of("kokusai-electric"))[0] | {"company_id": "acme-tools", "name": "Acme Tools KK"}
    write(folder, "companies", [company])
    mix = [row | {"company_id": "acme-tools"} for row in rows("business_mix", of("kokusai-electric"))]
    write(folder, "business_mix", mix)
    share = [row | {"company_id": "acme-tools"} for row in rows("revenue", of("kokusai-electric"))]
    write(folder, "revenue", share)
    scorer = scoring.Scorer(lay_over(bundled, folder), AS_OF, "2026.1")
    frame = scorer.score(["Acme Tools", "kokusai-electric"])
    assert frame.loc[0, "company_id"] == "acme-tools"
    assert frame["ticker"].isna()[0]
    assert frame.loc[0, "score"] > 0


def test_a_block_is_replaced_as_a_whole(bundled, tmp_path):
    mix = rows("business_mix", of("tokyo-electron"))[:1]
    mix[0] |= {"share": "1"}
    laid = lay_over(bundled, write(tmp_path / "house", "business_mix", mix))
    company = laid.columns("business_mix")["company_id"]
    assert (company == "tokyo-electron").sum() == 1
    done = laid.laid["business_mix"]
    assert (done.added, done.replaced, done.removed) == (0, 1, 7)


def test_every_offence_is_named_with_file_and_line(bundled, tmp_path):
    folder = tmp_path / "house"
    share = rows("revenue", of("tokyo-electron"))[:2]
    share[0] |= {"china_share": "1.5"}
    share[1] |= {"company_id": "nobody"}
    write(folder, "revenue", share)
    with pytest.raises(ReferenceInvalidError) as error:
        lay_over(bundled, folder)
    text = "\n".join(error.value.offences)
    assert "revenue.csv:2: china_share" in text
    assert "revenue.csv:3: company_id: nobody is not in companies.csv" in text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("house_views.csv", b"a,b\n", "is no table of the data dictionary"),
        ("revenue.csv", b"", "is empty"),
        ("revenue.csv", "company_id;fiscal_year\n".encode("utf-16"), "UTF-8"),
        ("revenue.csv", b"company_id,fiscal_year\ntokyo-electron,2025\n", "is missing; add the column"),
        ("notes.txt", b"x", "there is no table in it"),
        ("Revenue.CSV", b"x", "did you mean revenue.csv"),
        ("overlay.yaml", b"name: [", "overlay.yaml:1: file: is no YAML"),
        ("overlay.yaml", b"nmae: house", "overlay.yaml:1: name: is the only member"),
    ],
)
def test_bad_folders(bundled, tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReferenceInvalidError, match=says):
        lay_over(bundled, tmp_path, None if name == "overlay.yaml" else "house")


def test_a_folder_in_place_of_a_table(bundled, tmp_path):
    (tmp_path / "revenue.csv").mkdir()
    with pytest.raises(ReferenceInvalidError, match="is no file"):
        lay_over(bundled, tmp_path, "house")


def test_a_folder_that_is_not_there(bundled, tmp_path):
    with pytest.raises(ReferenceInvalidError, match="there is none of that name"):
        lay_over(bundled, tmp_path / "none")
    with pytest.raises(ReferenceInvalidError, match="is no name"):
        lay_over(bundled, tmp_path, "a b")


def test_the_commands(tmp_path):
    def run(*arguments):
        code = "from service.cli import main; main()"
        return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)

    row = rows("revenue", lambda r: r["company_id"] == "tokyo-electron" and r["fiscal_year"] == "2025")[0]
    folder = write(tmp_path / "house", "revenue", [row | {"china_share": "0.5", "china_revenue": ""}])
    checked = run("overlay", "check", str(folder))
    assert checked.returncode == 0, checked.stderr
    assert "revenue: 0 added, 1 replaced" in checked.stdout
    explained = run("explain", "8035.T", "--overlay", str(folder))
    assert "overlay house" in explained.stdout
    receipt = tmp_path / "receipt.json"
    assert "+house" in run("score", "8035.T", "--overlay", str(folder), "--receipt", str(receipt)).stdout
    assert run("verify", str(receipt), "--overlay", str(folder)).returncode == 0
    without = run("verify", str(receipt))
    assert without.returncode == 4
    assert "+house, found" in without.stdout
    # The China share that a risk rests on is marked, and so is a fraction on a day on which one is at risk.
    own = write(tmp_path / "own", "family_rules", rows("family_rules", lambda _: True))
    for laid, day, mark in ((folder, AS_OF, "overlay house"), (own, "2025-02-15", "overlay own")):
        risk = run("risk", "8035.T", "--detail", "--as-of", day, "--overlay", str(laid))
        assert f", {mark})" in risk.stdout.replace("\n", " "), risk.stderr
    write(folder, "revenue", [row | {"china_share": "2"}])
    refused = run("overlay", "check", str(folder))
    assert refused.returncode == 2
    assert "revenue.csv:2: china_share" in refused.stderr
