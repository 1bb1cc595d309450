"""Building: the values of the tables, the same bytes every time, all or nothing."""

import csv
import datetime as dt
import json
import signal

import pytest

from scoring.errors import OutputError, ReferenceInvalidError, ReleaseExistsError, ReleaseNotFoundError
from scoring.reference.releases.build import build_release
from scoring.reference.releases.release import DESCRIPTOR, list_releases, open_release
from scoring.reference.tables import REQUIRED, TABLES


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", REQUIRED)
def test_release_holds_the_cells_of_the_tables(store, reference, name):
    with (reference / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    rows = open_release(store=store).table(name).to_pylist()
    assert len(rows) == len(expected)
    table = TABLES[name]
    read = {
        "string": str,
        "number": float,
        "integer": int,
        "date": dt.date.fromisoformat,
        "boolean": {"true": True, "false": False}.__getitem__,
    }
    for row, cells in zip(rows, expected, strict=True):
        filled = {column: read[table.kind(column)](cell) if cell else None for column, cell in cells.items()}
        assert row == dict.fromkeys(table.may_lack) | filled


def test_types_of_the_columns(store):
    columns = open_release(store=store).columns("revenue")
    assert columns["period_end"].dtype == "datetime64[D]"
    assert columns["china_share"].dtype == "float64"
    assert columns["company_id"].dtype == object
    assert open_release(store=store).columns("segments")["is_service"].dtype == bool
    assert open_release(store=store).columns("mineral_imports")["year"].dtype == "int64"


def test_descriptor(store, created):
    release = open_release(store=store)
    descriptor = release.descriptor
    assert (release.version, release.created, release.parent) == ("2026.10.0", created, None)
    assert release.last_as_of == dt.date(2026, 7, 31)
    assert descriptor["$schema"].endswith("datapackage.json")
    assert {one["name"] for one in descriptor["licenses"]} == {"Apache-2.0", "MIT", "etalab-2.0"}
    folder = store / "2026.10.0"
    for resource in descriptor["resources"]:
        assert resource["bytes"] == (folder / resource["path"]).stat().st_size
        assert resource["rows"] == release.table(resource["name"]).num_rows
        assert [field["name"] for field in resource["schema"]["fields"]] == release.table(resource["name"]).column_names
        assert all(field["type"] and field["description"] for field in resource["schema"]["fields"])
        assert resource["origin"]
        assert resource["terms"]
    keys = {one["name"]: one["schema"] for one in descriptor["resources"]}
    assert keys["revenue"]["primaryKey"] == ["company_id", "fiscal_year"]
    assert {"fields": ["source_id"], "reference": {"resource": "sources", "fields": ["source_id"]}} in keys["revenue"][
        "foreignKeys"
    ]


def test_descriptor_hash_is_one_sha256sum_reads(store):
    stated = (store / "2026.10.0" / "datapackage.json.sha256").read_text()
    assert stated == f"{open_release(store=store).sha256}  datapackage.json\n"


def test_same_tables_same_bytes(store, reference, created, tmp_path):
    build_release(reference, tmp_path, "2026.10.0", created, None)
    assert bytes_of(tmp_path / "2026.10.0") == bytes_of(store / "2026.10.0")


def test_existing_release_stays_as_it_was(own_store, reference, created):
    before = bytes_of(own_store / "2026.10.0")
    with pytest.raises(ReleaseExistsError, match=r"has 2026\.10\.0 already"):
        build_release(reference, own_store, "2026.10.0", created + dt.timedelta(1), None)
    assert bytes_of(own_store / "2026.10.0") == before


def test_parent_must_exist(own_store, reference, created):
    with pytest.raises(ReleaseNotFoundError, match=r"choose one of: 2026\.10\.0"):
        build_release(reference, own_store, "2026.11.0", created, "2026.09.0")
    assert build_release(reference, own_store, "2026.11.0", created, "2026.10.0").parent == "2026.10.0"


@pytest.mark.parametrize("version", ["2026.11", "v2026.11.0", "../2026.11.0", "2026.11.0 ", ""])
def test_version_must_be_a_calendar_version(tmp_path, reference, created, version):
    with pytest.raises(OutputError, match="is no calendar version"):
        build_release(reference, tmp_path / "store", version, created, None)
    assert not (tmp_path / "store").exists()


def test_store_that_cannot_be_written(tmp_path, reference, created):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        build_release(reference, tmp_path / "file" / "store", "2026.11.0", created, None)


def test_invalid_tables_leave_nothing(tables, tmp_path, created):
    tables.set("revenue", 4, china_share="1.4")
    with pytest.raises(ReferenceInvalidError):
        build_release(tables.folder, tmp_path / "store", "2026.11.0", created, None)
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("last_as_of: 2026-07-31", "last_as_of: soon", "package.yaml:1: last_as_of: "),
        ("last_as_of: 2026-07-31", "last_as_of: 2027-07-31", "is later than the build"),
        ("title: ", "titel: ", "package.yaml:1: titel: "),
        ("    license: MIT", "    license: WTFPL", "license WTFPL is not listed"),
        ("tables: [company_names]", "tables: [revenue]", "which is not so for company_names"),
        ("licenses:", "licenses: [", "is no YAML"),
    ],
)
def test_wrong_package_document(tables, tmp_path, created, old, new, words):
    path = tables.folder / "package.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ReferenceInvalidError) as caught:
        build_release(tables.folder, tmp_path / "store", "2026.11.0", created, None)
    assert any(words in offence for offence in caught.value.offences)


def test_tables_and_columns_that_may_be_absent(tables, tmp_path, created):
    """A folder as before these came builds as before; a table that is there must name its origin."""
    package = tables.folder / "package.yaml"
    for name in ("governance", "mineral_output"):
        assert not (tables.folder / f"{name}.csv").exists()
        package.write_text(package.read_text("utf-8").replace(f"tables: [{name}]", "tables: []"), "utf-8")
    release = build_release(tables.folder, tmp_path / "store", "2026.11.0", created, None)
    assert set(release.table("companies")["lei"].to_pylist()) == {None}
    source = release.columns("sources")["source_id"][0]
    output = f"mineral,country,year,share,source_id\ngallium,CN,2024,0.9,{source}\n"
    (tables.folder / "mineral_output.csv").write_text(output, "utf-8")
    with pytest.raises(ReferenceInvalidError, match="must name mineral_output"):
        build_release(tables.folder, tmp_path / "store", "2026.11.1", created, None)
    assert list_releases(tmp_path / "store") == ["2026.11.0"]


# Python announces each of these to an audit hook just before it happens, which is where the process dies.
MOMENTS = {
    "first table": ("open", "sources.parquet"),
    "later table": ("open", "mineral_imports.parquet"),
    "last table": ("open", "scenarios.parquet"),
    "hash": ("open", "datapackage.json.sha256"),
    "descriptor": ("open", "datapackage.json"),
    "rename": ("os.rename", "2026.11.0"),
}
_HOOK = """
def die(event, arguments):
    names = [str(argument).rpartition("/")[2] for argument in arguments]
    if event == {event!r} and {name!r} in names and str(store) in str(arguments):
        signal.raise_signal(signal.{signal})
sys.addaudithook(die)
"""


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_build_leaves_no_release(own_store, start_builder, reference, created, moment):
    event, name = MOMENTS[moment]
    builder = start_builder(own_store, _HOOK.format(event=event, name=name, signal="SIGKILL"))
    assert builder.wait(60) == -signal.SIGKILL
    assert list_releases(own_store) == ["2026.10.0"]
    assert open_release(store=own_store).version == "2026.10.0"
    assert not (own_store / "2026.11.0").exists()
    assert build_release(reference, own_store, "2026.11.0", created, None).version == "2026.11.0"


@pytest.mark.parametrize("moment", MOMENTS)
def test_interrupted_build_leaves_nothing(own_store, start_builder, moment):
    event, name = MOMENTS[moment]
    builder = start_builder(own_store, _HOOK.format(event=event, name=name, signal="SIGINT"))
    _, error = builder.communicate(timeout=60)
    assert builder.returncode != 0
    assert "KeyboardInterrupt" in error
    assert [path.name for path in own_store.iterdir()] == ["2026.10.0"]


_MEET = """
def meet(event, arguments):
    if event == "os.rename":
        (ready / str(os.getpid())).touch()
        while len(list(ready.iterdir())) < 2:
            time.sleep(0.001)
sys.addaudithook(meet)
"""


def test_of_two_builders_one_wins(own_store, start_builder, tmp_path):
    """Both wait at the rename until the other is there too."""
    (tmp_path / "ready").mkdir()
    builders = [start_builder(own_store, _MEET, tmp_path / "ready") for _ in range(2)]
    codes = sorted(builder.wait(60) for builder in builders)
    assert codes == [0, 17]
    assert sorted(path.name for path in own_store.iterdir()) == ["2026.10.0", "2026.11.0"]
    assert open_release(store=own_store).version == "2026.11.0"


def test_tables_are_announced_in_order(tmp_path, reference, created):
    seen = []
    build_release(reference, tmp_path, "2026.11.0", created, None, seen.append)
    assert seen == list(REQUIRED)


def test_descriptor_is_readable_text(store):
    raw = (store / "2026.10.0" / DESCRIPTOR).read_text("utf-8")
    assert raw.endswith("}\n")
    assert json.loads(raw)["schemaVersion"] == 2
