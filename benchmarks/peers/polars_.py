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
        for name, key in (("companies", "company"), ("segments", "company"), ("uses", "stake")):
            self.frames[name] = self.frames[name].with_columns(pl.col(key).set_sorted())

    def __getitem__(self, name: str) -> pl.LazyFrame:
        return self.frames[name].lazy()


prepare = Prepared


def score(data: Prepared) -> pl.DataFrame:
    """Exposures and score of every company."""
    n, latent = data.numbers, _latent(data)
    # Small tables first, together; the large ones then gather from them by position, which is faster than to join.
    singles = (_single(data, side) for side in ("access", "supply"))
    cells, needs, barred, withheld = pl.collect_all([_cells(data, latent), _needs(data, latent), *singles])
    shut = pl.max_horizontal(_gathered(cells["shut"], "cell"), "stringency")
    worth = pl.col("share") * pl.col("c")
    by_company = (
        _china_shares(data)
        .join(barred.lazy(), on="company", how="left")
        .select("company", control=worth * _gathered(cells["controlled"], "cell"), access=worth * shut)
        .group_by("company")
        .agg(pl.col("control").sum(), pl.col("access").sum())
    )
    retaliation = 1 - (1 - pl.col("supply").fill_null(0.0)) * (1 - pl.col("access"))
    known = pl.col("market").is_not_null() & pl.col("owner")
    result = (
        data["companies"]
        .join(by_company, on="company", how="left")
        .join(_supply(data, needs, withheld), on="company", how="left")
        .select(
            "company",
            "market",
            control=pl.when(known).then("control"),
            retaliation=pl.when(known).then(retaliation),
        )
        .with_columns(
            score=100 * pl.sum_horizontal(_term(n, p) for p in ("market", "control", "retaliation")) ** (1 / n["beta"])
        )
        .with_columns(score=pl.when(pl.col("control").is_not_null()).then("score"))
        .sort("company")
    )
    return result.collect()


def arrays(result: pl.DataFrame) -> dict[str, np.ndarray]:
    """Columns as arrays, NaN = unknown."""
    return {name: result[name].to_numpy() for name in ("market", "control", "retaliation", "score")}


def _term(n: dict[str, float], pillar: str) -> pl.Expr:
    half = n[f"h_{pillar}"]
    curve = (1 - (-pl.col(pillar) * (np.log(2) / half)).exp()) / (1 - 2 ** (-1 / half))
    return n[f"w_{pillar}"] * curve ** n["beta"]


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
    columns = ("company", "cell", "share", "c")
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


def _cells(data: Prepared, latent: pl.LazyFrame) -> pl.LazyFrame:
    """What each combination of service, family and country suffers: controls with their gap, and closed markets."""
    entries = data["fractions"].join(data["rules"], on="rule")
    entries = entries.with_columns(caught=pl.col("fraction") * pl.col("stringency"))
    both = pl.concat(
        [
            entries.with_columns(service=pl.lit(0, pl.Int32)),
            entries.filter("servicing").with_columns(service=pl.lit(1, pl.Int32)),
        ]
    )
    now = (
        both.join(data["binds"], on="rule")
        .group_by("imposer", *CELL)
        .agg(pl.col("caught").sum())
        .group_by(CELL)
        .agg(now=pl.col("caught").max().clip(upper_bound=1))
    )
    allies = data["countries"].filter("allied").select("country")
    aligned = now.join(allies, on="country").group_by("service", "family").agg(aligned=pl.col("now").max())
    boycott = pl.col("vulnerability") * pl.col("latent")
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
            shut=pl.max_horizontal(boycott, "stringency"),
        )
        .sort("cell")
    )


def _needs(data: Prepared, latent: pl.LazyFrame) -> pl.LazyFrame:
    """What each combination of family, mineral and country suffers."""
    n = data.numbers
    country = _toward(data, "supply", "of_country").filter(pl.col("of_country") == pl.col("country"))
    under = _on(data, "supply", "mineral").select("mineral").unique().with_columns(under=pl.lit(value=True))
    nation = pl.when("under").then("nation")
    imports = pl.col("import_share").fill_null(pl.col("supply_share") * n["unknown_import_share"])
    return (
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
            "need",
            rests=pl.col("criticality") * (1 - pl.col("substitutability")),
            kappa=pl.max_horizontal("latent", nation, "on_mineral", "on_family"),
            reach=(pl.col("supply_share") * imports).sqrt().fill_null(0.0),
        )
        .sort("need")
    )


def _supply(data: Prepared, needs: pl.DataFrame, withheld: pl.DataFrame) -> pl.LazyFrame:
    """Exposure of supply, of the companies with a stake in any mineral."""
    kappa = pl.max_horizontal(_gathered(needs["kappa"], "need"), "stringency")
    return (
        data["uses"]
        .join(withheld.lazy(), on="company", how="left", maintain_order="left")
        .select(
            "stake",
            "company",
            reach=_gathered(needs["reach"], "need"),
            felt=pl.col("share") * _gathered(needs["rests"], "need") * kappa,
        )
        .group_by("stake")
        .agg(pl.col("company").first(), pl.col("reach").first(), pl.col("felt").sum())
        # Adding logarithms is faster than `product`, which has no kernel for groups; log(0) gives the 0 it should.
        .select("company", kept=(1 - pl.col("reach") * pl.col("felt").clip(upper_bound=1)).log())
        .group_by("company")
        .agg(supply=1 - pl.col("kept").sum().exp())
    )


def _gathered(values: pl.Series, position: str) -> pl.Expr:
    """Values at the positions in a column."""
    return pl.lit(values).gather(pl.col(position))


def _single(data: Prepared, side: str) -> pl.LazyFrame:
    """Strictest measure on each single company."""
    return _on(data, side, "company").group_by("company").agg(pl.col("stringency").max())


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
