"""A release small enough to be written in a test: companies and their listings."""

from __future__ import annotations

import numpy as np


class SmallRelease:
    """Tables written in a test: companies as (id, name), listings as made by `listing`."""

    def __init__(self, companies: list[tuple[str, str]], listings: list[dict[str, object]], lei=None, names=()) -> None:
        def objects(values):
            column = np.empty(len(values), dtype=object)
            column[:] = values
            return column

        self.tables = {
            "companies": {
                "company_id": objects([c for c, _ in companies]),
                "name": objects([n for _, n in companies]),
                "country": objects(["US" for _ in companies]),
            },
            "listings": {
                name: objects([row.get(name) for row in listings])
                for name in ("company_id", "mic", "ticker", "isin", "figi")
            }
            | {
                "primary": np.array([row.get("primary", True) for row in listings], dtype=bool),
                "listed_to": np.array([row.get("listed_to") for row in listings], dtype="datetime64[D]"),
            },
        }
        self.tables["company_names"] = {
            name: objects([row.get(name) for row in names]) for name in ("company_id", "name", "kind")
        } | {"until": np.array([row.get("until") for row in names], dtype="datetime64[D]")}
        if lei is not None:
            self.tables["companies"]["lei"] = objects(lei)

    def columns(self, name: str) -> dict[str, np.ndarray]:
        return self.tables[name]


def listing(company: str, mic: str, ticker: str, **more: object) -> dict[str, object]:
    return {"company_id": company, "mic": mic, "ticker": ticker, **more}


def other_name(company: str, name: str, kind: str = "native", until: str | None = None) -> dict[str, object]:
    return {"company_id": company, "name": name, "kind": kind, "until": until}
