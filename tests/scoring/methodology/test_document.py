"""Methodology documents: what is accepted, what is refused, and what the refusal says."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest
import yaml

from scoring.data import data_directory
from scoring.errors import MethodologyInvalidError, MethodologyNotFoundError
from scoring.methodology import list_methodologies, load_methodology, parse_methodology
from scoring.scorer import Scorer

BUNDLED = data_directory() / "methodology" / "2026.1.yaml"


@pytest.fixture
def document():
    return yaml.safe_load(BUNDLED.read_text("utf-8"))


def parsed(document):
    return parse_methodology(yaml.safe_dump(document), "mine")


def put(document, path, value):
    changed = copy.deepcopy(document)
    *way, last = path.split("/")
    inner = changed
    for part in way:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return changed


def number(value, low=None, high=None):
    return {
        "value": value,
        "low": value if low is None else low,
        "high": value if high is None else high,
        "reason": "r",
    }


def test_the_bundled_one_has_the_documented_values():
    m = load_methodology("2026.1")
    assert m.version == "2026.1"
    assert (m.china_share, m.timing) == ("latest", "announced")
    assert [m.weights.market.value, m.weights.control.value, m.weights.retaliation.value] == [0.40, 0.35, 0.25]
    half = m.half_points
    assert [half.market.value, half.control.value, half.retaliation.value] == [0.25, 0.10, 0.20]
    assert m.beta.value == 2
    assert m.bands == {"minimal": 0, "low": 20, "moderate": 40, "high": 60, "severe": 80}
    assert m.alignment_probability.default.value == 0.3
    control = {"notification": 0.10, "presumption-of-approval": 0.20, "licence-required": 0.50, "case-by-case": 0.50}
    control |= {"presumption-of-denial": 0.90, "prohibition": 1.0}
    assert {word: p.value for word, p in m.control_stringency.items()} == control
    supply = {"prohibition": 1.0, "presumption-of-denial": 0.9, "informal-embargo": 0.7, "licence-required": 0.3}
    supply |= {"case-by-case": 0.3, "presumption-of-approval": 0.1, "notification": 0.05}
    assert {word: p.value for word, p in m.supply_stringency.items()} == supply
    access = {"prohibition": 1.0, "procurement-ban": 0.9, "informal-embargo": 0.7, "listing": 0.5}
    access |= {"licence-required": 0.5, "case-by-case": 0.5, "presumption-of-denial": 0.9, "investigation": 0.2}
    access |= {"tariff": 0.2, "notification": 0.1}
    assert {word: p.value for word, p in m.access_stringency.items()} == access
    threat = m.latent_threat
    assert [threat.maximum.value, threat.scale.value, threat.half_life_years.value] == [0.4, 6, 3]
    assert threat.worldwide_share.value == 0.25
    severity = {"threat": 0.3, "investigation": 0.4, "tariff": 0.4, "listing": 0.5, "procurement-ban": 0.8}
    severity |= {"informal-embargo": 0.8, "formal-control": 1.0, "prohibition": 1.5}
    assert {word: p.value for word, p in threat.severity.items()} == severity
    vulnerability = {"consumer": 0.6, "semiconductors": 0.4, "electronics": 0.3, "transport": 0.3, "healthcare": 0.3}
    vulnerability |= {"services": 0.3, "industrial": 0.2, "energy-materials": 0.2, "materials": 0.2, "other": 0.2}
    vulnerability |= {"semiconductor-equipment": 0.1, "semiconductor-materials": 0.1}
    assert {group: p.value for group, p in m.vulnerability.items()} == vulnerability
    assert m.unknown_import_share.value == 0.5
    evidence = {"reported": 1.0, "derived": 0.9, "company-statement": 0.9, "secondary": 0.8}
    evidence |= {"analyst-estimate": 0.6, "expert-judgement": 0.4, "modelled": 0.3}
    assert {word: p.value for word, p in m.confidence.evidence.items()} == evidence
    assert m.confidence.half_life_years.value == 4
    assert m.confidence.grades == {"A": 0.8, "B": 0.6, "C": 0.4, "D": 0}


REFUSED = {
    "weights that do not sum to 1": ("weights/market", number(0.5), "weights", "sum to 1.1"),
    "negative half-point": ("half_points/control", number(-0.1), "half_points.control", "above 0"),
    "half-point of zero": ("half_points/market", number(0), "half_points.market", "above 0"),
    "range of a half-point that reaches zero": (
        "half_points/market",
        number(0.2, 0, 0.3),
        "half_points.market",
        "above 0",
    ),
    "beta below 1": ("beta", number(0.5), "beta", "from 1 to 20"),
    "value below its range": ("beta", number(2, 2.5, 4), "beta", "outside its own range"),
    "value above its range": (
        "supply_stringency/prohibition",
        number(1, 0.2, 0.5),
        "supply_stringency.prohibition",
        "outside its own range 0.2 to 0.5",
    ),
    "stringency above 1": (
        "control_stringency/prohibition",
        number(1.2),
        "control_stringency.prohibition",
        "between 0 and 1",
    ),
    "unknown key": ("colour", "red", "colour", "not permitted"),
    "unknown key of a parameter": ("beta/unit", "x", "beta.unit", "not permitted"),
    "unknown word in a codebook": ("access_stringency/boycott", number(0.5), "access_stringency", "should be"),
    "missing field": ("beta", None, "beta", "required"),
    "missing word in a codebook": (
        "control_stringency/case-by-case",
        None,
        "control_stringency",
        "no entry for case-by-case",
    ),
    "missing severity": ("latent_threat/severity/tariff", None, "latent_threat.severity", "no entry for tariff"),
    "missing product group": ("vulnerability/other", None, "vulnerability", "no entry for other"),
    "missing evidence": ("confidence/evidence/secondary", None, "confidence.evidence", "no entry for secondary"),
    "no reason": ("beta/reason", "", "beta.reason", "at least 1 character"),
    "text for a number": ("beta/value", "two", "beta.value", "valid number"),
    "unknown timing": ("timing", "whenever", "timing", "announced"),
    "bands that do not start at 0": ("bands", {"low": 10, "high": 50}, "document", "from 0"),
    "bands with the same bound": ("bands", {"low": 0, "high": 50, "severe": 50}, "document", "distinct"),
    "band above the scale": ("bands", {"low": 0, "high": 100}, "document", "below 100"),
    "grade above the scale": ("confidence/grades", {"A": 1, "B": 0}, "confidence", "below 1"),
    "not a number": ("beta/value", float("nan"), "beta", "finite"),
    "a power too high": ("beta", number(2, 1, 400), "beta", "from 1 to 20"),
    "truth for a number": ("beta/value", True, "beta", "valid number"),
    "a country in small letters": (
        "alignment_probability/countries",
        {"jp": number(0.5)},
        "alignment_probability",
        "[A-Z]",
    ),
    "a union for a country": (
        "alignment_probability/countries",
        {"EU": number(0.5)},
        "alignment_probability",
        "members",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_the_field_and_the_reason(document, case):
    path, value, field, problem = REFUSED[case]
    with pytest.raises(MethodologyInvalidError) as error:
        parsed(put(document, path, value))
    assert error.value.field == f"mine: {field}" or error.value.field.startswith(f"mine: {field}.")
    assert problem in error.value.problem
    assert error.value.fix


def test_several_mistakes_are_counted(document):
    broken = put(put(put(document, "beta", number(0.5)), "timing", "whenever"), "colour", "red")
    with pytest.raises(MethodologyInvalidError, match="and 2 more: "):
        parsed(broken)


@pytest.mark.parametrize(
    "text",
    [b"weights: [1, 2", b"\x00\x01\x02\xff\xfe\x80", b"\x89PNG\r\n\x1a\n\x00\x00", b"a: b: c", b"? [x]\n: y", b"\t- a"],
)
def test_not_yaml(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_bytes(text)
    with pytest.raises(MethodologyInvalidError, match=r"mine\.yaml"):
        load_methodology(path)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b", "3", "null"])
def test_yaml_that_is_no_document(text):
    with pytest.raises(MethodologyInvalidError, match="mine"):
        parse_methodology(text, "mine")


def test_yaml_cannot_run_code():
    with pytest.raises(MethodologyInvalidError, match="not YAML"):
        parse_methodology("!!python/object/apply:os.getcwd []", "mine")


@pytest.mark.parametrize("name", ["1999.9", "", "2026.1.yml", "nowhere/mine.yaml", "README.md", "../2026.1"])
def test_an_unknown_version_lists_what_exists(name):
    with pytest.raises(MethodologyNotFoundError) as error:
        load_methodology(name)
    assert name in error.value.problem
    for known in list_methodologies():
        assert known in error.value.fix


def test_a_folder_is_no_document(tmp_path):
    (tmp_path / "mine.yaml").mkdir()
    with pytest.raises(MethodologyNotFoundError):
        load_methodology(tmp_path / "mine.yaml")


def test_the_path_of_a_file_works(tmp_path, release, document):
    path = tmp_path / "stricter.yaml"
    stricter = put(put(document, "version", "mine"), "alignment_probability/default", number(1))
    path.write_text(yaml.safe_dump(stricter), "utf-8")
    for given in (path, str(path)):
        assert load_methodology(given).version == "mine"
    by_path = Scorer(release, "2024-09-02", path)
    assert by_path.methodology.sha256 != load_methodology().sha256
    row = by_path.columns(["tokyo-electron"])
    assert row["methodology"].tolist() == ["mine"]
    assert row["control"][0] == pytest.approx(row["control_now"][0] + row["alignment_gap"][0], abs=1e-12)


def test_the_hash_is_of_the_content(document):
    bundled = load_methodology("2026.1")
    assert parsed(document).sha256 == bundled.sha256
    assert parsed(dict(reversed(document.items()))).sha256 == bundled.sha256
    assert parsed(put(document, "beta", number(2, 1, 3))).sha256 != bundled.sha256


def test_the_bundled_one_is_listed():
    assert "2026.1" in list_methodologies()
    assert Path(BUNDLED).stem == "2026.1"


def test_alignment_probability_of_a_country(release, document):
    countries = {"JP": number(0.9)}
    m = parsed(put(document, "alignment_probability/countries", countries))
    assert (m.alignment_probability.of("JP"), m.alignment_probability.of("NL")) == (0.9, 0.3)
    control = Scorer(release, "2024-09-02", m).evaluation.control
    row = Scorer(release, "2024-09-02", "2026.1").evaluation
    i, j = (row.facts.company_ids.index(company) for company in ("tokyo-electron", "asml"))
    assert control.total[i] == pytest.approx(control.now[i] + 0.9 * control.gap[i], abs=1e-15)
    assert control.total[j] == row.control.total[j]


def test_structural_share_enters_if_asked_for(release):
    structural = load_methodology().model_copy(update={"china_share": "structural"})
    scorer = Scorer(release, "2024-09-02", structural)
    row = {name: column[0] for name, column in scorer.columns(["tokyo-electron"]).items()}
    # Years to March 2022, 2023 and 2024: 0.26, 0.23 and 0.44.
    assert row["market"] == row["china_share_structural"] == 0.26
    assert row["china_share"] == 0.44
    assert row["china_share_surge"] == pytest.approx(0.18, abs=1e-12)
    # Only a quarter is known of AXT: no structural share, so the quarter enters.
    row = {n: c[0] for n, c in Scorer(release, "2026-07-31", structural).columns(["axt"]).items()}
    assert np.isnan(row["china_share_structural"])
    assert row["market"] == 0.4686


def test_a_key_written_twice_is_refused():
    text = (data_directory() / "methodology" / "2026.1.yaml").read_text()
    with pytest.raises(MethodologyInvalidError, match="beta is written twice"):
        parse_methodology(text + "beta: {value: 3, low: 1, high: 4, reason: again}\n", "mine")


@pytest.mark.parametrize("version", ["2026.1", "2026.2"])
def test_a_methodology_travels_to_a_worker(version):
    methodology = load_methodology(version)
    assert pickle.loads(pickle.dumps(methodology)) == methodology
