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
    n, companies, segments = data.numbers, data["companies"], data["segments"]
    latent, entries = _latent(data), _entries(data)
    cells, kits = _cells(data, latent, entries), _kits(data, latent)
    cell, kit = segments["cell"].to_numpy(), segments["kit"].to_numpy()
    barred, withheld = _single(data, "access"), _single(data, "supply")
    withheld = _joint(latent["latent"].loc[companies["country"].loc[withheld.index]].to_numpy(), withheld)
    worth = segments["share"] * _china_shares(segments)
    at, act = _hit(segments, barred)
    shut = _raised(cells["shut"], cell, at, _joint(cells["boycott"].to_numpy()[cell[at]], act))
    at, act = _hit(segments, withheld)
    felt = _raised(kits["felt"], kit, at, kits["hold"].to_numpy()[kit[at]] * act)
    by_company = (
        pd.DataFrame(
            {
                "company": segments["company"],
                "control": worth * cells["controlled"].to_numpy()[cell],
                "access": worth * shut,
                "supply": segments["share"] * felt,
            }
        )
        .groupby("company", sort=False)
        .sum(min_count=1)
        .reindex(companies["company"])
    )
    supply, control = by_company["supply"].clip(upper=1.0), by_company["control"].copy()
    excess = _excess(data, worth, entries)
    control.loc[excess.index] = np.minimum(control.loc[excess.index] + excess, companies["market"].loc[excess.index])
    result = pd.DataFrame(
        {
            "company": companies["company"],
            "market": companies["market"],
            "control": control,
            "retaliation": 1 - (1 - supply) * (1 - by_company["access"]),
        }
    )
    terms = [_term(n, p, result[p]) for p in ("market", "control", "retaliation")]
    return result.assign(score=100 * _power(terms[0] + terms[1] + terms[2], 1 / n["beta"]))


def arrays(result: pd.DataFrame) -> dict[str, np.ndarray]:
    """Columns as arrays, NaN = unknown."""
    return {name: result[name].to_numpy() for name in ("market", "control", "retaliation", "score")}


def _term(n: dict[str, float], pillar: str, exposure: pd.Series) -> pd.Series:
    half = n[f"h_{pillar}"]
    curve = np.expm1(exposure * (-np.log(2) / half)) / np.expm1(-np.log(2) / half)
    return n[f"w_{pillar}"] * _power(curve, n["beta"])


def _power(base: pd.Series, exponent: float) -> pd.Series:
    return base if exponent == 1 else base**exponent


def _joint(threat: Any, act: Any) -> Any:
    """Force of a threat and of an act that adds to it."""
    return 1 - (1 - threat) * (1 - act)


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


def _entries(data: Prepared) -> pd.DataFrame:
    """What each package takes of a family's products and services: a fraction that was lost is not weighed again."""
    entries = data["fractions"].merge(data["rules"], on="rule")
    entries["caught"] = entries["fraction"] * entries["stringency"].where(~entries["lost"], 1.0)
    both = pd.concat([entries.assign(service=0), entries[entries["servicing"]].assign(service=1)])
    return both[["rule", "imposer", "service", "family", "caught"]]


def _cells(data: Prepared, latent: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """What each combination of service, family and country suffers: controls with their gap, and closed markets."""
    summed = entries.merge(data["binds"], on="rule").groupby(["imposer", *CELL], sort=False)["caught"].sum()
    now = summed.clip(upper=1.0).groupby(CELL, sort=False).max().rename("now").reset_index()
    allied = now[now["country"].isin(latent.index[latent["allied"]])]
    aligned = allied.groupby(["service", "family"], sort=False)["now"].max().rename("aligned").reset_index()
    cells = data["cells"].merge(now, on=CELL, how="left").merge(aligned, on=["service", "family"], how="left")
    now, aligned = cells["now"].fillna(0.0), cells["aligned"].fillna(0.0)
    gap = (aligned - now).clip(lower=0.0)
    home = latent.loc[cells["country"]]
    vulnerability = data["families"].set_index("family")["vulnerability"].loc[cells["family"]]
    boycott = vulnerability.to_numpy() * home["latent"].to_numpy()
    closed = _at(_toward(data, "access", "product_family", prevails=False), cells["family"], cells["country"])
    return pd.DataFrame(
        {
            "controlled": now + home["eta"].to_numpy() * gap,
            "boycott": boycott,
            "shut": _joint(boycott, np.nan_to_num(closed)),
        }
    )


def _kits(data: Prepared, latent: pd.DataFrame) -> pd.DataFrame:
    """Revenue of each kit that China could stop at all, and that it is felt to stop: by its scarcest mineral."""
    n, needs = data.numbers, data["needs"]
    family, mineral, country = needs["family"], needs["mineral"], needs["country"]
    under = mineral.isin(_on(data, "supply", "mineral")["subject"])
    measured = np.fmax.reduce(
        [
            np.zeros(len(needs)),
            _at(_toward(data, "supply", "mineral"), mineral, country),
            np.where(under, _at(_toward(data, "supply", "country"), country, country), 0.0),
            _at(_toward(data, "supply", "product_family"), family, country),
        ]
    )
    kappa = _joint(latent["latent"].loc[country].to_numpy(), measured)
    p = data["minerals"].set_index("mineral")["supply_share"].loc[mineral].to_numpy()
    q = _at(data["imports"].set_index(["mineral", "country"])["import_share"], mineral, country)
    reach = np.sqrt(p * np.where(np.isnan(q), p * n["unknown_import_share"], q))
    hold = np.nan_to_num(reach) * (needs["criticality"] * (1 - needs["substitutability"])).to_numpy()
    scarcest = pd.DataFrame({"hold": hold, "felt": hold * kappa}).groupby(needs["kit"].to_numpy(), sort=False).max()
    return scarcest.reindex(data["kits"]["kit"], fill_value=0.0)


def _excess(data: Prepared, worth: pd.Series, entries: pd.DataFrame) -> pd.Series:
    """What packages that name customers take beyond their effect through families, where they take more."""
    key = ["company", "rule"]
    sold = data["customers"].merge(data["parties"], on="party").merge(data["binds"], on=["rule", "country"])
    held = sold.groupby(key).agg(share=("share", "sum"), market=("market", "first")).reset_index()
    held = held.merge(data["rules"][["rule", "imposer", "stringency"]], on="rule")
    sellers = data["sellers"]
    through = sellers.assign(worth=worth.take(sellers["segment"]).to_numpy()).merge(
        entries[entries["rule"].isin(held["rule"])].drop(columns="imposer"), on=["family", "service"]
    )
    taken = (through["worth"] * through["caught"]).groupby([through[name] for name in key]).sum()
    most = np.fmin(held["market"], held["share"] * held["stringency"])
    more = most - taken.reindex(pd.MultiIndex.from_frame(held[key]), fill_value=0.0).to_numpy()
    summed = more.clip(lower=0.0).groupby([held["company"], held["imposer"]]).sum().groupby("company").max()
    return summed[summed > 0]


def _hit(segments: pd.DataFrame, single: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Segments of the companies that measures name, and the force on each."""
    at = np.flatnonzero(segments["company"].isin(single.index))
    return at, single.loc[segments["company"].iloc[at]].to_numpy()


def _raised(force: pd.Series, position: np.ndarray, at: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Force at positions, with at least what is given at some of them."""
    felt = force.to_numpy()[position]
    felt[at] = np.maximum(felt[at], least)
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
