"""What each reader gives for the small file of its format that stands in these tests, to the last field.

The golden files are written by ``python -m tests.scoring.reference.sources.test_golden`` and read by a person before
they are kept.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from scoring.reference.sources import baci, ecb, ecfr, edinet, federal_register, openfigi, screening_list, usgs
from scoring.reference.sources.sec import data_sets, instance
from scoring.reference.sources.sec.china import china_revenue
from scoring.reference.sources.sec.products import product_splits
from tests.scoring.reference.sources import test_data_sets, test_edinet, test_filings, test_gleif, test_lists, test_wgi

FOLDER: Final = Path(__file__).parents[3] / "golden" / "readers"

PRODUCTS: Final = [
    ("srt:ProductOrServiceAxis=x:PhonesMember", "600", 'scale="6"'),
    ("srt:ProductOrServiceAxis=x:ServicesMember", "400", 'scale="6"'),
    (f"{test_filings.CHINA} srt:ProductOrServiceAxis=x:PhonesMember", "150", 'scale="6"'),
]


def _history() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("eurofxref-hist.csv", "Date,USD,JPY,\n2026-03-31,1.0815,161.5,\n2026-03-30,1.0799,N/A,\n")
    return file.getvalue()


def _filing() -> Any:
    page = test_filings.page((test_filings.CHINA, "250", 'scale="6"'), *PRODUCTS)
    return instance.read("filing.htm", page)


def _trade() -> list[Any]:
    wanted = frozenset({"811292"}), frozenset({"US", "DE", "EU27"})
    return list(baci.imports("baci.zip", test_lists.trade(test_lists.FLOWS), *wanted))


def _report() -> Any:
    lines = (*test_edinet.TAGGED, test_edinet.line(test_edinet.IFRS, test_edinet.BEHIND))
    return edinet.report("S100.zip", test_edinet.package(*lines))


READERS: Final[dict[str, Callable[[], Any]]] = {
    "sec-instance": _filing,
    "sec-china": lambda: china_revenue(_filing()),
    "sec-products": lambda: product_splits(_filing()),
    "sec-data-sets": lambda: list(
        data_sets.read("2025q1.zip", test_data_sets.quarter(test_data_sets.row(), test_data_sets.CHINA))
    ),
    "edinet": _report,
    "ecb": lambda: ecb.exchange_rates(_history(), [("JPY", dt.date(2026, 4, 2)), ("JPY", dt.date(2026, 3, 30))]),
    "ecfr": lambda: ecfr.entries("ccl.xml", test_lists.CONTROL_LIST),
    "federal-register": lambda: federal_register.documents("documents.json", test_lists.REGISTER),
    "screening-list": lambda: screening_list.parties("consolidated.csv", test_lists.PARTIES),
    "usgs": lambda: usgs.mine_shares("world.csv", test_lists.WORLD),
    "openfigi": lambda: openfigi.mappings("figi.json", test_lists.ANSWERS),
    "baci": _trade,
    "wgi": test_wgi.read,
    "gleif-entities": test_gleif.read_entities,
    "gleif-issuers": test_gleif.read_issuers,
}


def plain(value: Any) -> Any:
    """What was read as JSON has it: fields by name, days and exact amounts as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_gives_what_it_gave(reader):
    golden = json.loads((FOLDER / f"{reader}.json").read_text("utf-8"))
    assert plain(READERS[reader]()) == golden


if __name__ == "__main__":
    for name, read in READERS.items():
        text = json.dumps(plain(read()), indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(f"{text}\n", "utf-8")
