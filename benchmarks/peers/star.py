"""Star schema: the joins that no rule, measure, event or number of the methodology changes, made beforehand.

It does for the peers what `scoring.facts.layout` does for the facts. Large tables name a combination of small keys by
one key, and are sorted by company; the peers look up what changes in small tables by that key.
"""

from __future__ import annotations

import pyarrow as pa

from benchmarks.longtables import LongTables


def star(long: LongTables) -> LongTables:
    """Tables of a star schema.

    In place of `segments`, `companies` and `needs` there are:

    - ``companies`` (company, market, owner): `owner` is true for a company with segments
    - ``segments`` (company, cell, share, china, market, discloses): `discloses` is true if the company
      discloses the China share of any segment
    - ``cells`` (cell, service, family, country): the combinations that occur among segments
    - ``uses`` (stake, company, need, share): every segment with every mineral its family needs; a stake is a
      company with a mineral
    - ``needs`` (need, family, mineral, country, criticality, substitutability): the combinations that occur among uses
    """
    companies, segments, needs = (long.tables[name].to_pandas() for name in ("companies", "segments", "needs"))
    segments = segments.merge(companies, on="company")
    segments["cell"] = segments.groupby(["service", "family", "country"]).ngroup().astype("int32")
    segments["discloses"] = segments["china"].notna().groupby(segments["company"]).transform("any")
    segments = segments.sort_values("segment", kind="stable")
    uses = segments.merge(needs, on="family").sort_values(["company", "mineral", "segment"], kind="stable")
    uses["need"] = uses.groupby(["family", "mineral", "country"]).ngroup().astype("int32")
    uses["stake"] = uses.groupby(["company", "mineral"]).ngroup().astype("int32")
    companies["owner"] = companies["company"].isin(segments["company"])
    of_need = ["need", "family", "mineral", "country", "criticality", "substitutability"]
    frames = {
        "companies": companies[["company", "market", "owner"]],
        "segments": segments[["company", "cell", "share", "china", "market", "discloses"]],
        "cells": segments[["cell", "service", "family", "country"]].drop_duplicates().sort_values("cell"),
        "uses": uses[["stake", "company", "need", "share"]],
        "needs": uses[of_need].drop_duplicates("need").sort_values("need"),
    }
    made = {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in frames.items()}
    return LongTables({**long.tables, **made}, long.numbers)
