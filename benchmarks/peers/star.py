"""Star schema: the joins that no rule, measure, event or number of the methodology changes, made beforehand.

It does for the peers what `scoring.facts.layout` does for the facts. Large tables name a combination of small keys by
one key, and are sorted by company; the peers look up what changes in small tables by that key.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from benchmarks.longtables import LongTables


def star(long: LongTables) -> LongTables:
    """Tables of a star schema.

    In place of `segments`, `companies`, `customers`, `needs` and `producers` there are:

    - ``companies`` (company, country, market, owner): `owner` is true for a company with segments
    - ``segments`` (segment, company, cell, kit, share, china, market, discloses): `discloses` is true if the China
      share of any segment of the company is known
    - ``cells`` (cell, service, family, country): the combinations that occur among segments
    - ``kits`` (kit, family, country): families in countries that occur among segments, and apart those of a company
      that produces a mineral itself
    - ``needs`` (kit, mineral, family, country, criticality, substitutability): what each kit depends on
    - ``customers`` (company, country, market, party, share): with the company's home and market exposure
    - ``sellers`` (segment, company, family, service): segments of the companies with a named customer
    """
    companies, segments, needs, customers, producers = (
        long.tables[name].to_pandas() for name in ("companies", "segments", "needs", "customers", "producers")
    )
    segments = segments.merge(companies, on="company")
    segments["cell"] = segments.groupby(["service", "family", "country"]).ngroup().astype("int32")
    segments["maker"] = segments["company"].where(segments["company"].isin(producers["company"]), -1)
    segments["kit"] = segments.groupby(["family", "country", "maker"]).ngroup().astype("int32")
    segments["discloses"] = segments["china"].notna().groupby(segments["company"]).transform("any")
    segments = segments.sort_values("segment", kind="stable")
    kits = segments[["kit", "family", "country", "maker"]].drop_duplicates("kit").sort_values("kit")
    companies["owner"] = companies["company"].isin(segments["company"])
    frames = {
        "companies": companies,
        "segments": segments[["segment", "company", "cell", "kit", "share", "china", "market", "discloses"]],
        "cells": segments[["cell", "service", "family", "country"]].drop_duplicates().sort_values("cell"),
        "kits": kits[["kit", "family", "country"]],
        "needs": _needs(kits, needs, producers),
        "customers": customers.merge(companies[["company", "country", "market"]], on="company"),
        "sellers": segments.loc[
            segments["company"].isin(customers["company"]), ["segment", "company", "family", "service"]
        ],
    }
    made = {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in frames.items()}
    kept = {name: table for name, table in long.tables.items() if name != "producers"}
    return LongTables({**kept, **made}, long.numbers)


def _needs(kits: pd.DataFrame, needs: pd.DataFrame, producers: pd.DataFrame) -> pd.DataFrame:
    """What each kit depends on; a producer does not depend on others for its own minerals."""
    own = producers.rename(columns={"company": "maker"}).assign(own=True)
    every = kits.merge(needs, on="family").merge(own, on=["maker", "mineral"], how="left")
    return every[every["own"].isna()].drop(columns=["maker", "own"]).sort_values(["kit", "mineral"])
