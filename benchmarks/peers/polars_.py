"""The score of every company in Polars: a lazy plan for what is small, and one for companies that gathers from it."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.longtables import LongTables

CELL = ["service", "family", "country"]


class Prepared:
    """Frames of the star schema, with what Polars may know of their order."""

    def __init__(self, star: LongTables) -> None:
        self.numbers = star.numbers
        self.frames: dict[str, pl.DataFrame] = {name: pl.DataFrame(table) for name, table in star.tables.items()}
        for name, key in (("companies", "company"), ("segments", "company"), ("needs", "kit")):
            self.frames[name] = self.frames[name].with_columns(pl.col(key).set_sorted())

    def __getitem__(self, name: str) -> pl.LazyFrame:
        return self.frames[name].lazy()


prepare = Prepared


def score(data: Prepared) -> pl.DataFrame:
    """Exposures and score of every company."""
    n, latent, entries = data.numbers, _latent(data), _entries(data)
    # Small tables first, together; the large ones then gather from them by position, which is faster than to join.
    small = (_cells(data, latent, entries), _kits(data, latent), *_singles(data, latent))
    cells, kits, barred, withheld = pl.collect_all(small)
    worth = pl.col("share") * pl.col("c")
    shut = pl.max_horizontal(_gathered(cells["shut"], "cell"), _joint(_gathered(cells["boycott"], "cell"), "barred"))
    felt = pl.max_horizontal(_gathered(kits["felt"], "kit"), _gathered(kits["hold"], "kit") * pl.col("withheld"))
    segments = _china_shares(data)
    by_company = (
        segments.join(barred.lazy(), on="company", how="left")
        .join(withheld.lazy(), on="company", how="left")
        .select(
            "company",
            control=worth * _gathered(cells["controlled"], "cell"),
            access=worth * shut,
            supply=pl.col("share") * felt,
        )
        .group_by("company")
        .agg(pl.col("control").sum(), pl.col("access").sum(), pl.col("supply").sum().clip(upper_bound=1))
    )
    control = (
        pl.when(pl.col("excess") > 0)
        .then(pl.min_horizontal(pl.col("control") + pl.col("excess"), "market"))
        .otherwise("control")
    )
    retaliation = 1 - (1 - pl.col("supply")) * (1 - pl.col("access"))
    known = pl.col("market").is_not_null() & pl.col("owner")
    result = (
        data["companies"]
        .join(by_company, on="company", how="left")
        .join(_excess(data, segments, entries), on="company", how="left")
        .select(
            "company",
            "market",
            control=pl.when(known).then(control),
            retaliation=pl.when(known).then(retaliation),
        )
        .with_columns(score=_composite(n))
        .with_columns(score=pl.when(pl.col("control").is_not_null()).then("score"))
        .sort("company")
    )
    return result.collect()


def arrays(result: pl.DataFrame) -> dict[str, np.ndarray]:
    """Columns as arrays, NaN = unknown."""
    return {name: result[name].to_numpy() for name in ("market", "control", "retaliation", "score")}


def _composite(n: dict[str, float]) -> pl.Expr:
    terms = pl.sum_horizontal(_term(n, pillar) for pillar in ("market", "control", "retaliation"))
    return 100 * _power(terms, 1 / n["beta"])


def _term(n: dict[str, float], pillar: str) -> pl.Expr:
    half = n[f"h_{pillar}"]
    curve = (1 - (-pl.col(pillar) * (np.log(2) / half)).exp()) / (1 - 2 ** (-1 / half))
    return n[f"w_{pillar}"] * _power(curve, n["beta"])


def _power(base: pl.Expr, exponent: float) -> pl.Expr:
    return base if exponent == 1 else base**exponent


def _joint(threat: pl.Expr, act: str) -> pl.Expr:
    """Force of a threat and of an act that adds to it."""
    return 1 - (1 - threat) * (1 - pl.col(act))


def _china_shares(data: Prepared) -> pl.LazyFrame:
    """Segments with their China share c, such that the weighted sum is the company's where it can be."""
    of = data["segments"]
    share, china, market = pl.col("share"), pl.col("china"), pl.col("market")
    disclosing = (
        of.filter("discloses")
        .with_columns(
            rest=(market - (share * china).sum().over("company"))
            / pl.when(china.is_null()).then(share).otherwise(0.0).sum().over("company")
        )
        .with_columns(spread=pl.coalesce(china, pl.col("rest").clip(0, 1)))
        .with_columns(weighted=(share * pl.col("spread")).sum().over("company"))
        .with_columns(
            c=pl.when(pl.col("weighted").fill_nan(0) <= 0)
            .then(market)
            .when(pl.col("rest").is_between(0, 1))
            .then("spread")
            .otherwise(pl.min_horizontal(pl.col("spread") * market / pl.col("weighted"), 1.0))
        )
    )
    columns = ("segment", "company", "cell", "kit", "share", "c")
    return pl.concat(
        [
            of.filter(~pl.col("discloses")).rename({"market": "c"}).select(columns),
            disclosing.select(columns),
        ]
    )


def _latent(data: Prepared) -> pl.LazyFrame:
    """Latent threat toward each country."""
    n = data.numbers
    decayed = data["events"].with_columns(force=pl.col("severity") * 2 ** (-pl.col("age") / n["threat_half_life"]))
    named = decayed.join(data["event_targets"], on="event").group_by("country").agg(pl.col("force").sum())
    everywhere = decayed.filter("worldwide").select(everywhere=pl.col("force").sum() * n["worldwide_share"])
    index = (pl.col("force").fill_null(0.0) + pl.col("everywhere")) / n["threat_scale"]
    return (
        data["countries"]
        .join(named, on="country", how="left")
        .join(everywhere, how="cross")
        .select("country", "eta", "allied", latent=n["threat_maximum"] * (1 - (-index).exp()))
    )


def _entries(data: Prepared) -> pl.LazyFrame:
    """What each package takes of a family's products and services: a fraction that was lost is not weighed again."""
    entries = data["fractions"].join(data["rules"], on="rule")
    taken = pl.when("lost").then("fraction").otherwise(pl.col("fraction") * pl.col("stringency"))
    entries = entries.with_columns(caught=taken)
    both = pl.concat(
        [
            entries.with_columns(service=pl.lit(0, pl.Int32)),
            entries.filter("servicing").with_columns(service=pl.lit(1, pl.Int32)),
        ]
    )
    return both.select("rule", "imposer", "service", "family", "caught")


def _cells(data: Prepared, latent: pl.LazyFrame, entries: pl.LazyFrame) -> pl.LazyFrame:
    """What each combination of service, family and country suffers: controls with their gap, and closed markets."""
    now = (
        entries.join(data["binds"], on="rule")
        .group_by("imposer", *CELL)
        .agg(pl.col("caught").sum())
        .group_by(CELL)
        .agg(now=pl.col("caught").max().clip(upper_bound=1))
    )
    allies = data["countries"].filter("allied").select("country")
    aligned = now.join(allies, on="country").group_by("service", "family").agg(aligned=pl.col("now").max())
    gap = pl.max_horizontal(pl.col("aligned").fill_null(0.0) - pl.col("now").fill_null(0.0), 0.0)
    return (
        data["cells"]
        .join(now, on=CELL, how="left")
        .join(aligned, on=["service", "family"], how="left")
        .join(latent, on="country")
        .join(data["families"], on="family")
        .join(_toward(data, "access", "family", prevails=False), on=["family", "country"], how="left")
        .select(
            "cell",
            controlled=pl.col("now").fill_null(0.0) + pl.col("eta") * gap,
            boycott=pl.col("vulnerability") * pl.col("latent"),
            closed=pl.col("stringency").fill_null(0.0),
        )
        .with_columns(shut=_joint(pl.col("boycott"), "closed"))
        .sort("cell")
    )


def _kits(data: Prepared, latent: pl.LazyFrame) -> pl.LazyFrame:
    """Revenue of each kit that China could stop at all, and that it is felt to stop: by its scarcest mineral."""
    n = data.numbers
    country = _toward(data, "supply", "of_country").filter(pl.col("of_country") == pl.col("country"))
    under = _on(data, "supply", "mineral").select("mineral").unique().with_columns(under=pl.lit(value=True))
    nation = pl.when("under").then("nation")
    imports = pl.col("import_share").fill_null(pl.col("supply_share") * n["unknown_import_share"])
    scarcest = (
        data["needs"]
        .join(data["minerals"], on="mineral")
        .join(data["imports"], on=["mineral", "country"], how="left")
        .join(latent.select("country", "latent"), on="country")
        .join(under, on="mineral", how="left")
        .join(country.select("country", nation="stringency"), on="country", how="left")
        .join(
            _toward(data, "supply", "mineral").rename({"stringency": "on_mineral"}),
            on=["mineral", "country"],
            how="left",
        )
        .join(
            _toward(data, "supply", "family").rename({"stringency": "on_family"}), on=["family", "country"], how="left"
        )
        .select(
            "kit",
            "latent",
            measured=pl.max_horizontal(nation, "on_mineral", "on_family", 0.0),
            hold=(pl.col("supply_share") * imports).sqrt().fill_null(0.0)
            * pl.col("criticality")
            * (1 - pl.col("substitutability")),
        )
        .group_by("kit")
        .agg(pl.col("hold").max(), felt=(pl.col("hold") * _joint(pl.col("latent"), "measured")).max())
    )
    return (
        data["kits"]
        .join(scarcest, on="kit", how="left")
        .select("kit", pl.col("hold").fill_null(0.0), pl.col("felt").fill_null(0.0))
        .sort("kit")
    )


def _excess(data: Prepared, segments: pl.LazyFrame, entries: pl.LazyFrame) -> pl.LazyFrame:
    """What packages that name customers take beyond their effect through families, by company."""
    key = ["company", "rule"]
    held = (
        data["customers"]
        .join(data["parties"], on="party")
        .join(data["binds"], on=["rule", "country"])
        .group_by(key)
        .agg(pl.col("share").sum(), pl.col("market").first())
        .join(data["rules"].select("rule", "imposer", "stringency"), on="rule")
    )
    taken = (
        data["sellers"]
        .join(segments.select("segment", worth=pl.col("share") * pl.col("c")), on="segment")
        .join(entries.drop("imposer"), on=["family", "service"])
        .group_by(key)
        .agg(taken=(pl.col("worth") * pl.col("caught")).sum())
    )
    most = pl.min_horizontal("market", pl.col("share") * pl.col("stringency"))
    return (
        held.join(taken, on=key, how="left")
        .group_by("company", "imposer")
        .agg(excess=(most - pl.col("taken").fill_null(0.0)).clip(lower_bound=0).sum())
        .group_by("company")
        .agg(pl.col("excess").max())
    )


def _gathered(values: pl.Series, position: str) -> pl.Expr:
    """Values at the positions in a column."""
    return pl.lit(values).gather(pl.col(position))


def _singles(data: Prepared, latent: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Strictest measure on each single company: what bars it from the market, and what is withheld, with the threat."""
    barred, withheld = (
        _on(data, side, "company").group_by("company").agg(pl.col("stringency").max()) for side in ("access", "supply")
    )
    homes = data["companies"].select("company", "country").join(latent.select("country", "latent"), on="country")
    force = _joint(pl.col("latent"), "stringency")
    return barred.rename({"stringency": "barred"}), withheld.join(homes, on="company").select("company", withheld=force)


_KINDS = {"family": "product_family", "of_country": "country"}


def _on(data: Prepared, side: str, subject: str) -> pl.LazyFrame:
    """Measures of one side on one kind of subject that is in the universe."""
    chosen = (pl.col("kind") == _KINDS.get(subject, subject)) & (pl.col("subject") >= 0)
    return data[side].filter(chosen).rename({"subject": subject})


def _toward(data: Prepared, side: str, subject: str, *, prevails: bool = True) -> pl.LazyFrame:
    """Strictest measure on each subject toward each country; if `prevails`, one that names it goes first."""
    key, on = [subject, "country"], _on(data, side, subject)
    named = on.join(data[f"{side}_targets"], on="measure").select(*key, "stringency")
    far = on.filter("worldwide").join(data["countries"], how="cross").select(*key, "stringency")
    if not prevails:
        return pl.concat([named, far]).group_by(key).agg(pl.col("stringency").max())
    named, far = (one.group_by(key).agg(pl.col("stringency").max()) for one in (named, far))
    return far.join(named, on=key, how="full", coalesce=True, suffix="_named").select(
        *key, stringency=pl.coalesce("stringency_named", "stringency")
    )
