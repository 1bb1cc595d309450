"""Every refusal names file, line, column, problem and fix; all of them come at once."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.errors import ReferenceInvalidError
from scoring.reference.releases.reading import read_table
from scoring.reference.releases.validate import schema_offences, validate
from scoring.reference.tables import REQUIRED, TABLES

FORM = re.compile(r"[a-z_]+\.(csv|yaml):\d+: [a-z0-9_]+: .+; .+")

# table, line, cells to set, column that the offence names, words it says
SPOILED = [
    ("revenue", 4, {"china_share": "1.4"}, "china_share", "1.4 is not a fraction from 0 to 1"),
    (
        "revenue",
        6,
        {"china_revenue": "200", "total_revenue": "100", "unit": "million", "china_share": "1"},
        "total_revenue",
        "is below China revenue",
    ),
    (
        "revenue",
        8,
        {"china_share": "0.1201", "china_revenue": "11", "total_revenue": "100", "unit": "million"},
        "china_share",
        "is off china_revenue / total_revenue by more than 0.01",
    ),
    ("revenue", 10, {"known_by": "2031-01-01", "published": "2030-01-01"}, "published", "is before known_by"),
    ("revenue", 12, {"known_by": "2001-01-01"}, "known_by", "is before the period ends"),
    ("revenue", 14, {"source_id": ""}, "source_id", "is empty"),
    ("revenue", 16, {"source_id": "nowhere"}, "source_id", "nowhere is not in sources.csv"),
    ("revenue", 18, {"company_id": "nobody"}, "company_id", "nobody is not in companies.csv"),
    ("revenue", 20, {"period_end": "2020-02-30"}, "period_end", "2020-02-30 is no date"),
    ("revenue", 22, {"period_end": "30.6.2020"}, "period_end", "is no date"),
    ("revenue", 24, {"total_revenue": "1,234"}, "total_revenue", "is no number"),
    ("revenue", 26, {"total_revenue": "inf"}, "total_revenue", "is no number"),
    ("revenue", 28, {"total_revenue": "-5", "china_revenue": ""}, "total_revenue", "is below 0"),
    ("revenue", 30, {"evidence": "rumour"}, "evidence", "rumour is not in the vocabulary"),
    ("revenue", 32, {"currency": "usd"}, "currency", "is not a currency code"),
    ("revenue", 34, {"unit": "", "total_revenue": "5", "china_revenue": ""}, "unit", "has amounts without a unit"),
    ("revenue", 36, {"fiscal_year": "FY20"}, "fiscal_year", "is not a fiscal period"),
    ("segments", 3, {"revenue_share": "0.9"}, "revenue_share", "is the sum of the company-year"),
    ("segments", 12, {"product_family": "perpetual-motion"}, "product_family", "is not in product_families.csv"),
    ("segments", 14, {"is_service": "yes"}, "is_service", "yes is neither true nor false"),
    ("segments", 16, {"for_mix": ""}, "for_mix", "is empty"),
    ("segments", 18, {"china_share": "-0.1"}, "china_share", "is not a fraction"),
    ("business_mix", 3, {"share": "0.9"}, "share", "is the sum of the block"),
    ("companies", 5, {"country": "UK"}, "country", "UK is no country code"),
    ("companies", 7, {"fiscal_year_end_month": "13"}, "fiscal_year_end_month", "is not from 1 to 12"),
    ("companies", 9, {"fiscal_year_end_month": "1.5"}, "fiscal_year_end_month", "is no whole number"),
    ("companies", 11, {"sector": "Chips"}, "sector", "is not in the vocabulary"),
    ("companies", 13, {"name": " Padded"}, "name", "has space around it"),
    ("listings", 5, {"isin": "US0378331006"}, "isin", "is not a valid ISIN"),
    ("listings", 7, {"figi": "BBG000BLNNH7"}, "figi", "is not a valid FIGI"),
    ("listings", 9, {"mic": "NYSE "}, "mic", "has space around it"),
    ("listings", 11, {"mic": "nyse"}, "mic", "is not a market identifier code"),
    ("companies", 15, {"prior_group": "All the rest"}, "prior_region", "All the rest is not in industry_priors.csv"),
    ("companies", 17, {"prior_region": ""}, "prior_region", "is part of a cell only"),
    ("companies", 19, {"coverage": "partly"}, "coverage", "partly is not in the vocabulary"),
    ("companies", 21, {"size_class": "giant"}, "size_class", "giant is not in the vocabulary"),
    ("listings", 13, {"isin": "", "isin_evidence": "source"}, "isin_evidence", "stands without an ISIN"),
    ("listings", 10000, {"isin": "US0378331005", "isin_evidence": "source"}, "isin", "is the ISIN of another company"),
    ("company_names", 3, {"until": "2020-01-01"}, "until", "does not go with the kind"),
    ("company_names", 5, {"kind": "former"}, "until", "does not go with the kind"),
    ("company_names", 7, {"company_id": "nobody"}, "company_id", "nobody is not in companies.csv"),
    ("industry_priors", 3, {"p10": "0.2"}, "mean", "is below p10"),
    ("industry_priors", 5, {"p90": "0.001"}, "p90", "is below the mean"),
    ("customers", 3, {"customer": "nobody"}, "customer", "nobody is not in entities.csv"),
    ("customers", 5, {"bound": "lower"}, "bound", "lower is not in the vocabulary"),
    ("customers", 7, {"period_end": "2030-01-01"}, "known_by", "is before the period ends"),
    ("entities", 3, {"source_id": "nowhere"}, "source_id", "nowhere is not in sources.csv"),
    ("rule_entities", 3, {"rule_id": "us-never"}, "rule_id", "us-never is not in rules.csv"),
    ("rule_entities", 5, {"entity": "nobody"}, "entity", "nobody is not in entities.csv"),
    ("entity_parents", 3, {"weight": "0.5"}, "weight", "is not 1 though the party is the company itself"),
    ("entity_parents", 6, {"low": "0.03"}, "weight", "is below low"),
    ("entity_parents", 9, {"high": "0.01"}, "high", "is below the weight"),
    ("entity_parents", 11, {"entity": "nobody"}, "entity", "nobody is not in countermeasures.csv"),
    ("entity_parents", 17, {"valid_to": "2020-01-01", "valid_from": "2021-01-01"}, "valid_to", "is before valid_from"),
    ("producers", 3, {"mineral": "unobtainium"}, "mineral", "unobtainium is not in minerals.csv"),
    ("minerals", 3, {"import_share_default": "5"}, "import_share_default", "is not a fraction"),
    ("family_rules", 10, {"calibration": "guessed"}, "calibration", "guessed is not in the vocabulary"),
    ("revenue", 38, {"share_of": "profit"}, "share_of", "profit is not in the vocabulary"),
    ("countermeasures", 11, {"fraction": "0.1"}, "fraction", "is below fraction_low"),
    ("countermeasures", 13, {"fraction": "0.2", "fraction_low": "0.1", "scope_note": ""}, "scope_note", "does not say"),
    ("sources", 5, {"url": "see page 3"}, "url", "is not a web address"),
    ("product_families", 5, {"group": "toys"}, "group", "is not in the vocabulary"),
    (
        "rules",
        4,
        {"end_announced": "2020-01-01", "effective_to": ""},
        "end_announced",
        "announces an end that is not given",
    ),
    ("rules", 5, {"effective_to": "2001-01-01"}, "effective_to", "is before effective_from"),
    ("rules", 6, {"measure": "tariff"}, "measure", "is not in the vocabulary"),
    ("rules", 7, {"bound_countries": "JP;XX"}, "bound_countries", "is no country code"),
    ("rule_items", 3, {"rule_id": "us-never"}, "rule_id", "us-never is not in rules.csv"),
    ("rule_items", 5, {"code": "9Z999"}, "code", "9Z999 is not in classifications.csv"),
    ("classifications", 3, {"parent": "9Z999"}, "parent", "9Z999 is not in classifications.csv"),
    (
        "family_rules",
        4,
        {"fraction": "0.2", "fraction_low": "0.3", "fraction_high": "0.5"},
        "fraction",
        "is below fraction_low",
    ),
    (
        "family_rules",
        6,
        {"fraction": "0.9", "fraction_low": "0.1", "fraction_high": "0.5"},
        "fraction_high",
        "is below fraction",
    ),
    ("family_rules", 8, {"rule_id": "us-never"}, "rule_id", "us-never is not in rules.csv"),
    ("family_minerals", 3, {"source_id": "", "evidence": "reported"}, "source_id", "no expert judgement"),
    ("family_minerals", 5, {"mineral": "unobtainium"}, "mineral", "unobtainium is not in minerals.csv"),
    ("mineral_facts", 3, {"value": "70"}, "value", "is not a fraction"),
    ("mineral_imports", 3, {"hs6": "2504"}, "hs6", "is not a six-digit trade code"),
    ("mineral_imports", 5, {"importer": "EU"}, "importer", "is no country code"),
    (
        "countermeasures",
        3,
        {"subject_kind": "mineral", "subject": "unobtainium"},
        "subject",
        "unobtainium is not in minerals.csv",
    ),
    (
        "countermeasures",
        5,
        {"side": "supply", "measure": "tariff"},
        "measure",
        "tariff (side supply) is not a measure of that side",
    ),
    ("countermeasures", 7, {"effective_to": "2001-01-01"}, "effective_to", "is before effective_from"),
    ("countermeasures", 9, {"subject_kind": "mineral", "subject": "JP"}, "subject", "does not fit its kind"),
    ("coercion_events", 3, {"date": "soon"}, "date", "soon is no date"),
    ("coercion_events", 5, {"severity_kind": "insult"}, "severity_kind", "is not in the vocabulary"),
    ("impact_statements", 3, {"source_id": "nowhere"}, "source_id", "is not in sources.csv"),
    ("scenarios", 3, {"changes": '{"op": "align"}'}, "changes", "is no JSON list of changes"),
]


@pytest.fixture(scope="module")
def spoiled_offences(tmp_path_factory, copy_tables):
    """Offences of a copy in which every row of SPOILED is spoiled at once."""
    tables = copy_tables(tmp_path_factory.mktemp("spoiled") / "reference")
    for table, line, cells, _, _ in SPOILED:
        tables.set(table, line, **cells)
    with pytest.raises(ReferenceInvalidError) as caught:
        validate(tables.folder)
    return caught.value


def test_real_tables_are_clean(reference):
    frames = validate(reference)
    assert list(frames) == list(TABLES)
    assert {name for name, frame in frames.items() if len(frame)} == set(REQUIRED)


@pytest.mark.parametrize(("table", "line", "cells", "column", "words"), SPOILED, ids=lambda value: str(value)[:40])
def test_refused_with_file_line_and_column(spoiled_offences, table, line, cells, column, words):
    # The sum of a block is reported on the block's first row.
    first = "2" if "is the sum" in words else str(line)
    found = [o for o in spoiled_offences.offences if o.startswith(f"{table}.csv:{first}: {column}: ") and words in o]
    assert len(found) == 1


def test_nothing_else_is_refused(spoiled_offences):
    spoiled = {(table, str(line)) for table, line, *_ in SPOILED}
    others = [o for o in spoiled_offences.offences if (o.split(".csv:")[0], o.split(":")[1]) not in spoiled]
    # Only the blocks whose sum changed: those of the changed shares, and those whose rows lost their company or share.
    assert all(" is the sum of " in offence for offence in others)
    assert len(others) < 6


def test_offences_share_one_form_and_are_counted(spoiled_offences):
    assert all(FORM.fullmatch(offence) for offence in spoiled_offences.offences)
    assert f"{len(spoiled_offences.offences)} offences, first " in str(spoiled_offences)
    assert "\n" not in str(spoiled_offences)


def offences_of(folder):
    with pytest.raises(ReferenceInvalidError) as caught:
        validate(folder)
    return caught.value.offences


def test_repeated_keys(tables):
    for table in ("companies", "mineral_facts", "impact_statements", "revenue"):
        rows = tables.rows(table)
        tables.write(table, [*rows, rows[3]])
    # A key with an empty part is a key all the same.
    facts = tables.rows("mineral_facts")
    empty_year = tables.line_of("mineral_facts", year="")
    tables.write("mineral_facts", [*facts, facts[empty_year - 1]])
    offences = offences_of(tables.folder)
    assert [offence.split(": ")[0].split(".")[0] for offence in offences] == [
        "companies", "impact_statements", "mineral_facts", "mineral_facts", "revenue",
    ]  # fmt: skip
    assert all("repeats the key of line 4;" in o or f"of line {empty_year};" in o for o in offences)


def test_second_main_listing(tables):
    rows = tables.rows("listings")
    spare = next(i for i, row in enumerate(rows, 1) if row[6] == "false")
    tables.set("listings", spare, primary="true")
    (offence,) = offences_of(tables.folder)
    assert "listings.csv:" in offence
    assert "second main listing" in offence


def test_lines_are_physical_lines(tables):
    tables.set("revenue", 3, note="first\nsecond\nthird")
    tables.set("revenue", 10, china_scope="moon")
    (offence,) = offences_of(tables.folder)
    assert offence.startswith("revenue.csv:12: china_scope: moon ")


def test_namibia_is_a_country(tables):
    tables.set("companies", 2, country="NA")
    assert validate(tables.folder)["companies"]["country"].iloc[0] == "NA"


def test_facts_that_are_right_though_odd(tables):
    """Announced after it took effect, ended before it took effect, a subject outside the universe."""
    tables.set("rules", 4, announced="2015-01-01", effective_from="2014-01-01")
    tables.set("rules", 5, effective_from="2020-01-01", effective_to="2020-01-01", end_announced="2019-12-01")
    line = tables.line_of("countermeasures", subject="skydio")
    tables.set("countermeasures", line, subject="company-nobody-lists")
    tables.set("impact_statements", 2, company_id="company-nobody-lists")
    validate(tables.folder)


def test_sums_may_be_off_by_two_hundredths(tables):
    line = tables.line_of("segments", revenue_share="1.0")
    tables.set("segments", line, revenue_share="0.98")
    validate(tables.folder)
    tables.set("segments", line, revenue_share="0.9799")
    (offence,) = offences_of(tables.folder)
    assert offence.startswith(f"segments.csv:{line}: revenue_share: 0.9799 is the sum")


def test_broken_files_are_all_named(tables):
    folder = tables.folder
    (folder / "companies.csv").write_bytes(b"")
    (folder / "rules.csv").unlink()
    text = (folder / "minerals.csv").read_text("utf-8")
    (folder / "minerals.csv").write_text(text, "utf-16")
    (folder / "sources.csv").write_text((folder / "sources.csv").read_text("utf-8"), "utf-8-sig")
    header, *rows = tables.rows("listings")
    tables.write("listings", [header[:-1], *(row[:-1] for row in rows)])
    header, *rows = tables.rows("segments")
    tables.write("segments", [[*header, "mood"], *([*row, "good"] for row in rows)])
    header, *rows = tables.rows("revenue")
    tables.write("revenue", [header[::-1], *(row[::-1] for row in rows)])
    tables.write("scenarios", tables.rows("scenarios")[:1])
    header, first, *rows = tables.rows("rule_items")
    tables.write("rule_items", [header, first[:-1], [], *rows])
    (folder / "mineral_codes.csv").write_text('mineral,hs6,form,usable,note\ntin,"8001', "utf-8")
    (folder / "revenues.csv").write_text("a,b\n", "utf-8")
    found = {offence.split("; ")[0] for offence in offences_of(folder)}
    assert found == {
        "companies.csv:1: file: is empty",
        "rules.csv:1: file: is missing",
        "minerals.csv:1: file: is not UTF-8",
        "sources.csv:1: file: starts with a byte order mark",
        "listings.csv:1: listed_to: is missing",
        "segments.csv:1: mood: is not in the data dictionary",
        "revenue.csv:1: header: is out of order",
        "scenarios.csv:1: file: has no rows",
        "rule_items.csv:2: row: has 5 cells, not 6",
        "rule_items.csv:3: row: is blank",
        "mineral_codes.csv:2: row: is not CSV (unexpected end of data)",
        "revenues.csv:1: file: is no table of the data dictionary",
    }


def test_latin_1_names_its_line(tables):
    path = tables.folder / "companies.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4].replace(b",", "é,".encode("latin-1"), 1)
    path.write_bytes(b"".join(lines))
    assert offences_of(tables.folder) == ("companies.csv:5: file: is not UTF-8; save it as UTF-8",)


def test_empty_kind_of_subject(tables):
    line = tables.line_of("countermeasures", subject="skydio")
    tables.set("countermeasures", line, subject_kind="", subject="anything")
    assert offences_of(tables.folder) == (f"countermeasures.csv:{line}: subject_kind: is empty; fill it",)


def test_a_folder_that_is_not_there(tmp_path):
    assert len(offences_of(tmp_path / "nowhere")) == len(REQUIRED)


@pytest.mark.parametrize("table", map(TABLES.get, REQUIRED), ids=lambda table: table.name)
def test_empty_cell_is_refused_where_a_value_is_required(tables, table):
    required = [column for column in table.columns if table.constraints(column).get("required")]
    lines = range(2, 2 + len(required))
    for line, column in zip(lines, required, strict=True):
        tables.set(table.name, line, **{column: ""})
    reading = read_table(tables.folder / f"{table.name}.csv", table)
    assert reading.offences == []
    found = {(o.line, o.column) for o in schema_offences(table, reading) if o.problem == "is empty; fill it"}
    assert found == set(zip(lines, required, strict=True))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(sorted(TABLES)))
def test_no_bytes_break_the_reader(tmp_path, data, name):
    """Whatever a file holds, reading gives offences and never another exception."""
    path = tmp_path / f"{name}.csv"
    path.write_bytes(data)
    assert read_table(path, TABLES[name]).offences


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_cell_breaks_the_schema(tables, data):
    """Whatever text stands in a cell, the schema accepts it or names that line."""
    table = data.draw(st.sampled_from([TABLES[name] for name in REQUIRED if name != "mineral_imports"]))
    column = data.draw(st.sampled_from(sorted(table.columns)))
    cell = data.draw(st.text(max_size=12) | st.sampled_from(["nan", "1e400", "NA", "-1", "2", "true", "1600-01-01"]))
    rows = tables.rows(table.name)
    rows[2][rows[0].index(column)] = cell
    path = tables.folder / f"{table.name}.csv"
    clean = path.read_bytes()
    tables.write(table.name, rows)
    reading = read_table(path, table)
    path.write_bytes(clean)
    offences = [*reading.offences, *schema_offences(table, reading)]
    assert all(isinstance(offence.line, int) and "; " in offence.problem for offence in offences)
