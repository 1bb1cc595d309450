"""One row is written as the same row of a table."""

from __future__ import annotations

import orjson
import pytest

from scoring import Scorer, open_release
from scoring.columns import RESULT
from service.formats.encode import encode, encode_row

QUERIES = ["8035.T", "tokyo-electron", "Samsng", "zzzz", "", "M", "US0378331005", "a\ud800b", "USD CASH"]


@pytest.mark.parametrize("scenario", [None, "full-suspension-of-controls"])
@pytest.mark.parametrize("methodology", ["2026.1", "2026.2"])
def test_one_row_is_the_row_of_the_table(methodology: str, scenario: str | None) -> None:
    scorer = Scorer(open_release(), None, methodology, scenario)
    queries = QUERIES + list(scorer.resolver.company_ids[::20])
    table = encode(scorer.columns(queries), "ndjson").splitlines()
    rows = [encode_row(scorer.row_of(match)) for match in scorer.resolver.resolve_many(queries)]
    assert rows == table
    statuses = {orjson.loads(row)["status"] for row in rows}
    assert statuses >= {"ok", "unresolved"}
    assert any(orjson.loads(row)["rank"] is None for row in rows)
    assert list(orjson.loads(rows[0])) == list(RESULT)
