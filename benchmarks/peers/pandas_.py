"""The score of every company in pandas: group-by on sorted integer keys, and small tables looked up by position."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.longtables import LongTables

CELL = ["service", "family", "country"]


class Prepared:
    """Frames of the star schema, the measures with keys that may be missing as plain integers."""

    def __init__(self, star: LongTables) -> None:
        self.numbers = star.numbers
        self._frames: dict[str, pd.DataFrame] = {name: table.to_pandas() for name, table in star.tables.items()}

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._frames[name]


prepare = Prepared


def score(data: Prepared) -> pd.DataFrame:
    """Exposures and score of every company."""
    n, companies = data.numbers, data["companies"]
    latent = _latent(data)
    segments, cells = data["segments"], _cells(data, latent)
    worth = segments["share"] * _china_shares(segments)
    at = segments["cell"].to_numpy()
    shut = _strictest(cells["shut"].take(at), segments["company"], _single(data, "access"))
    by_company = (
        pd.DataFrame(
            {
                "company": segments["company"],
                "control": worth * cells["controlled"].to_numpy()[at],
                "access": worth * shut,
            }
        )
        .groupby("company", sort=False)
        .sum(min_count=1)
        .reindex(companies["company"])
    )
    supply = _supply(data, latent).reindex(companies["company"]).fillna(0.0)
    retaliation = 1 - (1 - supply) * (1 - by_company["access"])
    result = pd.DataFrame(
        {
            "company": companies["company"],
            "market": companies["market"],
            "control": by_company["control"],
            "retaliation": retaliation,
        }
    )
    terms = [_term(n, p, result[p]) for p in ("market", "control", "retaliation")]
    return result.assign(score=100 * (terms[0] + terms[1] + terms[2]) ** (1 / n["beta"]))


def arrays(result: pd.DataFrame) -> dict[str, np.ndarray]:
    """Columns as arrays, NaN = unknown."""
    return {name: result[name].to_numpy() for name in ("market", "control", "retaliation", "score")}


def _term(n: dict[str, float], pillar: str, exposure: pd.Series) -> pd.Series:
    half = n[f"h_{pillar}"]
    curve = np.expm1(exposure * (-np.log(2) / half)) / np.expm1(-np.log(2) / half)
    return n[f"w_{pillar}"] * curve ** n["beta"]


def _china_shares(segments: pd.DataFrame) -> pd.Series:
    """China share c of each segment, such that the weighted sum is the company's where it can be."""
    of = segments[segments["discloses"]]
    share, china, market, company = of["share"], of["china"], of["market"], of["company"]

    def total(values: pd.Series) -> pd.Series:
        return values.groupby(company).transform("sum")

    rest = (market - total(share * china)) / total(share.where(china.isna(), 0.0))
    spread = china.fillna(rest.clip(0, 1))
    weighted = total(share * spread)
    scaled = (spread * market / weighted).clip(upper=1.0)
    c = spread.where(rest.between(0, 1), scaled).where(weighted > 0, market)
    whole = segments["market"].copy()
    whole.loc[of.index] = c.where(market.notna())
    return whole


def _latent(data: Prepared) -> pd.DataFrame:
    """Countries with the latent threat toward each."""
    n, events = data.numbers, data["events"]
    force = events["severity"] * np.exp2(-events["age"] / n["threat_half_life"])
    targets = data["event_targets"]
    named = force.take(targets["event"]).groupby(targets["country"].to_numpy()).sum()
    everywhere = force[events["worldwide"]].sum() * n["worldwide_share"]
    countries = data["countries"].set_index("country")
    index = (named.reindex(countries.index, fill_value=0.0) + everywhere) / n["threat_scale"]
    return countries.assign(latent=-n["threat_maximum"] * np.expm1(-index))


def _cells(data: Prepared, latent: pd.DataFrame) -> pd.DataFrame:
    """What each combination of service, family and country suffers: controls with their gap, and closed markets."""
    entries = data["fractions"].merge(data["rules"], on="rule")
    entries["caught"] = entries["fraction"] * entries["stringency"]
    both = pd.concat([entries.assign(service=0), entries[entries["servicing"]].assign(service=1)])
    summed = both.merge(data["binds"], on="rule").groupby(["imposer", *CELL], sort=False)["caught"].sum()
    now = summed.clip(upper=1.0).groupby(CELL, sort=False).max().rename("now").reset_index()
    allied = now[now["country"].isin(latent.index[latent["allied"]])]
    aligned = allied.groupby(["service", "family"], sort=False)["now"].max().rename("aligned").reset_index()
    cells = data["cells"].merge(now, on=CELL, how="left").merge(aligned, on=["service", "family"], how="left")
    now, aligned = cells["now"].fillna(0.0), cells["aligned"].fillna(0.0)
    gap = (aligned - now).clip(lower=0.0)
    home = latent.loc[cells["country"]]
    vulnerability = data["families"].set_index("family")["vulnerability"].loc[cells["family"]]
    boycott = vulnerability.to_numpy() * home["latent"].to_numpy()
    closed = _toward(data, "access", "product_family", prevails=False)
    return pd.DataFrame(
        {
            "controlled": now + home["eta"].to_numpy() * gap,
            "shut": np.fmax(boycott, _at(closed, cells["family"], cells["country"])),
        }
    )


def _supply(data: Prepared, latent: pd.DataFrame) -> pd.Series:
    """Exposure of supply, of the companies with a stake in any mineral."""
    n, needs, uses = data.numbers, data["needs"], data["uses"]
    family, mineral, country = needs["family"], needs["mineral"], needs["country"]
    nation = _toward(data, "supply", "country")
    under = mineral.isin(_on(data, "supply", "mineral")["subject"])
    kappa = np.fmax.reduce(
        [
            latent["latent"].loc[country].to_numpy(),
            _at(_toward(data, "supply", "mineral"), mineral, country),
            np.where(under, _at(nation, country, country), 0.0),
            _at(_toward(data, "supply", "product_family"), family, country),
        ]
    )
    p = data["minerals"].set_index("mineral")["supply_share"].loc[mineral].to_numpy()
    q = _at(data["imports"].set_index(["mineral", "country"])["import_share"], mineral, country)
    reach = np.sqrt(p * np.where(np.isnan(q), p * n["unknown_import_share"], q))
    rests = (needs["criticality"] * (1 - needs["substitutability"])).to_numpy()
    at = uses["need"].to_numpy()
    felt = uses["share"] * rests[at] * _strictest(pd.Series(kappa).take(at), uses["company"], _single(data, "supply"))
    stakes = felt.groupby(uses["stake"].to_numpy(), sort=False).sum()
    first = ~uses["stake"].duplicated().to_numpy()
    kept = 1 - np.nan_to_num(reach)[at[first]] * stakes.clip(upper=1.0)
    return 1 - kept.groupby(uses["company"].to_numpy()[first], sort=False).prod()


def _strictest(force: pd.Series, company: pd.Series, single: pd.Series) -> np.ndarray:
    """Force on segments or uses, raised where a measure on the single company is stricter."""
    felt = force.to_numpy(copy=True)
    hit = np.flatnonzero(company.isin(single.index))
    felt[hit] = np.maximum(felt[hit], single.loc[company.iloc[hit]].to_numpy())
    return felt


def _on(data: Prepared, side: str, kind: str) -> pd.DataFrame:
    """Measures of one side on one kind of subject that is in the universe."""
    measures = data[side]
    return measures[(measures["kind"] == kind) & (measures["subject"] >= 0)]


def _single(data: Prepared, side: str) -> pd.Series:
    """Strictest measure on each single company."""
    return _on(data, side, "company").groupby("subject")["stringency"].max()


def _toward(data: Prepared, side: str, kind: str, *, prevails: bool = True) -> pd.Series:
    """Strictest measure on each subject toward each country; if `prevails`, one that names it goes first."""
    key, on = ["subject", "country"], _on(data, side, kind)
    named = on.merge(data[f"{side}_targets"], on="measure")[[*key, "stringency"]]
    far = on[on["worldwide"]].merge(data["countries"][["country"]], how="cross")[[*key, "stringency"]]
    if not prevails:
        return pd.concat([named, far]).groupby(key)["stringency"].max()
    named, far = (one.groupby(key)["stringency"].max() for one in (named, far))
    return named.combine_first(far)


def _at(table: pd.Series, subject: pd.Series, country: pd.Series) -> np.ndarray:
    """Values of a table at pairs of keys, NaN where it has none."""
    if table.empty:
        return np.full(len(subject), np.nan)
    found: Any = table.reindex(pd.MultiIndex.from_arrays([subject, country]))
    return np.asarray(found, dtype=float)
