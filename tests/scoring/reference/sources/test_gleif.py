"""The golden copy of legal entities and its list of ISINs in small, in the layout of their source, and damaged."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.reference.sources import gleif, raw, streamed

PHILIPS, TOYOTA, APPLE = "H1FJE8H61JGM1JSGM897", "5493006W3QUS5LMH6R84", "HWUPKR0MPOU8FGXBT394"

# Columns that are read stand among others, as in the file itself.
HEADER = (
    "LEI",
    "Entity.LegalName",
    "Entity.LegalName.xmllang",
    *gleif.COLUMNS[3:33],
    "Entity.LegalAddress.xmllang",
    "Entity.LegalAddress.FirstAddressLine",
    "Entity.LegalAddress.Country",
    "Entity.HeadquartersAddress.Country",
    "Entity.LegalJurisdiction",
    "Entity.EntityStatus",
    "Entity.SuccessorEntity.1.SuccessorLEI",
    "Entity.SuccessorEntity.1.SuccessorEntityName",
    "Registration.InitialRegistrationDate",
    "Registration.LastUpdateDate",
    "Registration.RegistrationStatus",
    "Registration.ManagingLOU",
)


def record(lei: str, name: str, language: str = "en", **cells: str) -> dict[str, str]:
    """A record of the golden copy; further names as ``other=("text", "language", "KIND")``, other cells by column."""
    usual = {
        "Entity.LegalAddress.FirstAddressLine": "1 Road\nSecond line",
        "Entity.LegalAddress.Country": "US",
        "Entity.HeadquartersAddress.Country": "US",
        "Entity.EntityStatus": "ACTIVE",
        "Registration.InitialRegistrationDate": "2012-06-06T15:53:00.000Z",
        "Registration.LastUpdateDate": "2026-11-20T08:00:00.000Z",
        "Registration.RegistrationStatus": "ISSUED",
    }
    head = {"LEI": lei, "Entity.LegalName": name, "Entity.LegalName.xmllang": language}
    return dict.fromkeys(HEADER, "") | usual | head | cells


def named(number: int, text: str, language: str, kind: str, column: str = "OtherEntity") -> dict[str, str]:
    """Cells of a further name."""
    name = f"Entity.{column}Names.{column}Name.{number}"
    return {name: text, f"{name}.xmllang": language, f"{name}.type": kind}


def packed(name: str, text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return file.getvalue()


def golden_copy(*records: dict[str, str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADER, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return packed("20261127-0800-gleif-goldencopy-lei2-golden-copy.csv", text.getvalue())


def pairs(*rows: tuple[str, str]) -> bytes:
    lines = "".join(f"{lei},{isin}\n" for lei, isin in rows)
    return packed("lei-isin-20261127T071511.csv", f"LEI,ISIN\n{lines}")


RECORDS = (
    record(
        TOYOTA,
        "トヨタ自動車株式会社",
        "ja",
        **{"Entity.LegalAddress.Country": "JP", "Entity.HeadquartersAddress.Country": "JP"},
        **named(1, "TOYOTA MOTOR CORPORATION", "en", "ALTERNATIVE_LANGUAGE_LEGAL_NAME"),
        **named(1, "Toyota Jidosha", "en", "AUTO_ASCII_TRANSLITERATED_LEGAL_NAME", "TransliteratedOtherEntity"),
    ),
    record(APPLE, "Apple Inc.", **named(2, "Apple Computer, Inc.", "en", "PREVIOUS_LEGAL_NAME")),
    record("00EHHQ2ZHDCFXJCPCL46", "Somebody else"),
)


def opened(data: bytes) -> streamed.Opener:
    archive = raw.archive("file.zip", io.BytesIO(data))
    return streamed.inside("file.zip", archive, archive.namelist()[0])


def entities(data: bytes, *wanted: str) -> dict[str, gleif.Entity]:
    return gleif.entities("golden.zip", opened(data), frozenset(wanted))


def read_entities() -> dict[str, gleif.Entity]:
    return entities(golden_copy(*RECORDS), TOYOTA, APPLE)


def read_issuers() -> dict[str, tuple[str, ...]]:
    rows = ((APPLE, "US0378331005"), (PHILIPS, "US0378331005"), (APPLE, "US0378331005"), (TOYOTA, "JP3633400001"))
    wanted = frozenset({"US0378331005", "NL0000009538"})
    return gleif.issuers("isins.zip", opened(pairs(*rows)), wanted)


def test_entities_that_are_asked_for():
    found = read_entities()
    assert list(found) == [TOYOTA, APPLE]
    toyota = found[TOYOTA]
    assert (toyota.name, toyota.language, toyota.head_office) == ("トヨタ自動車株式会社", "ja", "JP")
    assert [one.text for one in toyota.others] == ["TOYOTA MOTOR CORPORATION", "Toyota Jidosha"]
    assert toyota.updated == dt.date(2026, 11, 20)
    assert found[APPLE].others == (gleif.Name("Apple Computer, Inc.", "en", "PREVIOUS_LEGAL_NAME"),)


def test_issuers_that_are_asked_for_each_once():
    assert read_issuers() == {"US0378331005": (PHILIPS, APPLE)}


def test_a_record_that_stands_twice_is_one():
    assert len(entities(golden_copy(RECORDS[1], RECORDS[1]), APPLE)) == 1
    other = {**RECORDS[1], "Entity.LegalName": "Apple Bank"}
    with pytest.raises(InputError, match=f"{APPLE} stands twice, with other values"):
        entities(golden_copy(RECORDS[1], other), APPLE)


def test_the_two_files_are_told_apart():
    assert gleif.kind_of("a", opened(golden_copy())) == "golden-copy"
    assert gleif.kind_of("b", opened(pairs())) == "isin-lei"
    with pytest.raises(InputError, match=r"has neither Entity\.LegalName nor LEI and ISIN"):
        gleif.kind_of("c", opened(packed("rr.csv", "Relationship.StartNode.NodeID\n")))


def renamed(column: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(golden_copy(*RECORDS))) as archive:
        (name,) = archive.namelist()
        return packed(name, archive.read(name).decode().replace(f'"{column}"', '"Other"', 1))


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (renamed("Entity.EntityStatus"), ("golden.zip", "lacks the column Entity.EntityStatus", "LEI-CDF 3.1")),
        (
            golden_copy({**RECORDS[1], "Registration.LastUpdateDate": "yesterday"}),
            ("golden.zip", APPLE, "LastUpdateDate 'yesterday' is no date"),
        ),
        (packed("a.csv", "<!DOCTYPE html><html>Sorry</html>"), ("golden.zip", "web page")),
    ],
)
def test_another_layout_is_refused_by_name(data, names):
    with pytest.raises(InputError) as refused:
        entities(data, APPLE)
    for name in names:
        assert name in str(refused.value)


def test_a_header_that_never_ends_is_refused():
    with pytest.raises(InputError, match=r"file: has no header in its first megabyte"):
        gleif.kind_of("file", lambda: io.BytesIO(b"x" * 2**21))


def test_text_in_another_encoding_is_refused():
    with zipfile.ZipFile(io.BytesIO(golden_copy(*RECORDS))) as archive:
        (name,) = archive.namelist()
        text = archive.read(name).decode().replace("トヨタ自動車株式会社", "Citroën")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, text.encode("latin-1"))
    with pytest.raises(InputError, match=r"golden\.zip: is not utf-8\. Fix: fetch the file unchanged"):
        entities(file.getvalue(), TOYOTA)


def test_a_file_that_is_cut_off_is_refused():
    data = golden_copy(*RECORDS)
    with pytest.raises(InputError, match=r"file\.zip: is no whole zip archive"):
        opened(data[:-30])
    with pytest.raises(InputError, match=r"file\.zip: is a web page"):
        opened(b"<html>Service Unavailable</html>")
    # The directory of the archive is whole, and what it names is not.
    broken = bytearray(data)
    broken[200:260] = bytes(60)
    with pytest.raises(InputError, match=r"golden\.zip: is cut off or damaged"):
        entities(bytes(broken), TOYOTA)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (name,) = archive.namelist()
        rows = archive.read(name).decode()
    with pytest.raises(InputError, match=r"golden\.zip: is cut off or damaged"):
        entities(packed(name, rows[:-40]), TOYOTA)


def test_a_file_made_to_fill_a_disk_is_refused():
    bomb = packed("a.csv", "LEI,ISIN\n" + "," * 20_000_000)
    with pytest.raises(InputError, match=r"a\.csv unpacks to more than 500 times its size"):
        opened(bomb)


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["", "ACTIVE", "2026-02-30", "2026-11-20T08:00:00Z", '"', "\n", "\x00"]
)


@given(st.lists(CELL, min_size=len(HEADER) - 1, max_size=len(HEADER) - 1))
def test_strange_cells_give_an_entity_or_one_error(cells):
    strange = dict(zip(HEADER[1:], cells, strict=True))
    with suppress(InputError):
        found = entities(golden_copy({**RECORDS[1], **strange}, RECORDS[0]), APPLE, TOYOTA)
        assert found[TOYOTA] == read_entities()[TOYOTA]
        assert isinstance(found[APPLE].updated, dt.date)
        assert all(one.text == " ".join(one.text.split()) != "" for one in found[APPLE].others)


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(data):
    def plain() -> io.BytesIO:
        return io.BytesIO(data)

    for read in (gleif.entities, gleif.issuers):
        with pytest.raises(InputError):
            read("file", plain, frozenset({APPLE}))
    with pytest.raises(InputError):
        gleif.kind_of("file", plain)
