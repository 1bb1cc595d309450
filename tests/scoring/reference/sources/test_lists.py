"""Lists and data sets in small, in the layout of their source; what is another layout is refused by name."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.reference.sources import baci, ecfr, federal_register, openfigi, screening_list, usgs

CONTROL_LIST = b"""<?xml version="1.0"?><DIV5 N="774" TYPE="PART">
<DIV9 N="Supplement No. 1 to Part 774" TYPE="APPENDIX">
<FP-2><B>3A001 Electronic items as follows (see List of Items Controlled).</B></FP-2><P>See also <B>3A090</B> below.</P>
<FP-2><B>3A090 Integrated <I>circuits</I> as follows.</B></FP-2><FP-2><B>License Requirements</B></FP-2>
<FP-2><B>3A090 Integrated circuits as follows.</B></FP-2></DIV9></DIV5>"""

REGISTER = json.dumps(
    {
        "count": 1,
        "results": [
            {
                "document_number": "2024-28270",
                "title": "Foreign-Produced Direct Product Rule Additions",
                "type": "Rule",
                "publication_date": "2024-12-05",
                "html_url": "https://www.federalregister.gov/documents/2024/12/05/2024-28270/rule",
            }
        ],
    }
).encode()

PARTIES = (
    b"_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,alt_names\n"
    b'1,Entity List (EL) - Bureau of Industry and Security,,,,"Acme Chips Co., Ltd.",,'
    b'"1 Road, Shenzhen, CN; 2 Road, Hong Kong, HK",'
    b"89 FR 96830,2024-12-05,,Acme Micro; ACME\n"
    b"2,Denied Persons List (DPL) - Bureau of Industry and Security,,,,Somebody,,,,,,\n"
)

WORLD = (
    "SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,PROD_NOTES\n"
    'MCS2025,Tungsten,China,"Mine production, tungsten content",metric tons,66000,"67,000",\n'
    'MCS2025,Tungsten,Viet Nam,"Mine production, tungsten content",metric tons,"3,500",W,\n'
    'MCS2025,Tungsten,Burma,"Mine production, tungsten content",metric tons,—,"2,500",\n'
    'MCS2025,Tungsten,Other countries,"Mine production, tungsten content",metric tons,"2,000","2,100",\n'
    'MCS2025,Tungsten,World total (rounded),"Mine production, tungsten content",metric tons,79500,81000,\n'
    'MCS2025,Beryllium,China,"Mine production",metric tons,W,77,\n'
    'MCS2025,Beryllium,World total (rounded),"Mine production",metric tons,360,360,\n'
    'MCS2025,Gallium,China,"Production, primary gallium",kilograms,1,1,\n'
    "MCS2025,Nickel,C\xf4te,Mine production,metric tons,1,1,\n"
).encode("cp1252")

ANSWERS = json.dumps(
    {
        "jobs": [{"idType": "ID_ISIN", "idValue": "US0378331005"}, {"idType": "ID_ISIN", "idValue": "XX"}],
        "answers": [{"data": [{"compositeFIGI": "BBG000B9XRY4"}] * 2}, {"warning": "No identifier found."}],
    }
).encode()


def trade(
    flows: str, header="t,i,j,k,v,q", codes="156,China,CN,CHN\n842,USA,US,USA\n276,Germany,DE,DEU\n251,France,FR,FRA"
):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("country_codes_V202601.csv", f"country_code,country_name,country_iso2,country_iso3\n{codes}\n")
        archive.writestr("BACI_HS92_Y2023_V202601.csv", f"{header}\n{flows}")
    file.seek(0)
    return file


FLOWS = """2023,156,842,811292,30,2
2023,276,842,811292,10,NA
2023,156,276,811292,5,1
2023,251,276,811292,7,1
2023,156,842,10121,9,9
"""


def test_entries_of_the_control_list():
    first, second = ecfr.entries("ccl.xml", CONTROL_LIST)
    assert (first.code, first.title) == ("3A001", "Electronic items as follows (see List of Items Controlled)")
    assert first.text.endswith("See also 3A090 below.")
    assert (second.code, second.title) == ("3A090", "Integrated circuits as follows")
    assert "License Requirements" in second.text


def test_documents_of_the_register():
    [document] = federal_register.documents("documents.json", REGISTER)
    assert (document.number, document.kind, document.published) == ("2024-28270", "Rule", dt.date(2024, 12, 5))


def test_parties_of_the_screening_list():
    listed, denied = screening_list.parties("consolidated.csv", PARTIES)
    assert listed.name == "Acme Chips Co., Ltd."
    assert (listed.countries, listed.since, listed.other_names) == (
        ("CN", "HK"),
        dt.date(2024, 12, 5),
        ("Acme Micro", "ACME"),
    )
    assert (denied.countries, denied.since) == ((), None)


def test_shares_of_mine_output():
    found = usgs.mine_shares("world.csv", WORLD)
    china = {(one.commodity, one.year): round(one.share, 4) for one in found if one.country == "China"}
    # Withheld is not zero, and what is no mine output is not counted.
    assert china == {("Tungsten", 2023): 0.8302, ("Tungsten", 2024): 0.8272, ("Beryllium", 2024): 0.2139}
    others = {(one.commodity, one.country, one.year): round(one.share, 4) for one in found if one.country != "China"}
    # Other countries are one sum, of which no country's share is known.
    assert others == {("Tungsten", "Viet Nam", 2023): 0.044, ("Tungsten", "Burma", 2024): 0.0309}


def test_an_amount_that_stands_twice_otherwise_is_in_doubt():
    again = WORLD + b'MCS2025,Tungsten,China,"Mine production, tungsten content",metric tons,60000,"67,000",\n'
    doubts = {(one.year, one.country): one.doubt for one in usgs.mine_shares("world.csv", again) if one.doubt}
    said = "China stands twice with other amounts"
    assert doubts == {(2023, "China"): said, (2023, "Viet Nam"): said}


def test_mapped_identifiers():
    assert openfigi.mappings("figi.json", ANSWERS) == [("US0378331005", ("BBG000B9XRY4",)), ("XX", ())]


def test_imports_by_country_and_of_the_union():
    wanted = frozenset({"US", "DE", "EU27"})
    found = {one.importer: one for one in baci.imports("baci.zip", trade(FLOWS), frozenset({"811292"}), wanted)}
    assert dict(found["US"].value) == {"CN": 30.0, "DE": 10.0}
    assert dict(found["US"].quantity) == {"CN": 2.0}
    assert found["US"].value_with_quantity == 30.0
    assert dict(found["DE"].value) == {"CN": 5.0, "FR": 7.0}
    # Trade among members is no import of the union.
    assert dict(found["EU27"].value) == {"CN": 5.0}


def read_trade(file):
    return list(baci.imports("baci.zip", file, frozenset({"811292"}), frozenset({"US"})))


@pytest.mark.parametrize(
    ("read", "names"),
    [
        (lambda: ecfr.entries("ccl.xml", b"<html><p>Request Access</p></html>"), ("ccl.xml", "no entry", "FP-2")),
        (lambda: ecfr.entries("ccl.xml", CONTROL_LIST[:200]), ("ccl.xml", "no whole XML")),
        (lambda: federal_register.documents("d.json", b'{"errors": {}}'), ("d.json", "results", "API v1")),
        (lambda: federal_register.documents("d.json", b"<html>"), ("d.json", "web page")),
        (lambda: screening_list.parties("c.csv", PARTIES.replace(b"addresses", b"address")), ("c.csv", "addresses")),
        (lambda: screening_list.parties("c.csv", PARTIES[:-3]), ("c.csv", "line 3")),
        (lambda: screening_list.parties("c.csv", PARTIES.replace(b"2024-12-05", b"5 Dec")), ("c.csv", "5 Dec")),
        (lambda: screening_list.parties("c.csv", PARTIES.decode().encode("utf-16")), ("c.csv", "utf-8")),
        (lambda: usgs.mine_shares("w.csv", WORLD.replace(b"PROD_", b"OUT_")), ("w.csv", "PROD_year", "2025")),
        (lambda: usgs.mine_shares("w.csv", WORLD.replace(b"66000", b"966000")), ("w.csv", "more than the world")),
        (lambda: openfigi.mappings("f.json", ANSWERS.replace(b"compositeFIGI", b"figi")), ("f.json", "compositeFIGI")),
        (lambda: read_trade(trade(FLOWS, header="t,i,j,hs,v,q")), ("baci.zip/BACI_HS92_Y2023", "k", "HS 1992")),
        (lambda: read_trade(trade("2023,999,842,811292,1,1\n")), ("baci.zip", "999")),
        (lambda: read_trade(trade("2023,156,842,811292,x,1\n")), ("baci.zip", "'x' is no number")),
        (lambda: read_trade(io.BytesIO(trade(FLOWS).getvalue()[:-30])), ("baci.zip", "no whole zip")),
    ],
)
def test_another_layout_is_refused_by_name(read, names):
    with pytest.raises(InputError) as refused:
        read()
    for name in names:
        assert name in str(refused.value)


@given(
    st.binary(max_size=60),
    st.sampled_from(
        [ecfr.entries, federal_register.documents, screening_list.parties, usgs.mine_shares, openfigi.mappings]
    ),
)
def test_no_bytes_break_a_reader(data, read):
    with pytest.raises(InputError):
        read("file", data)
