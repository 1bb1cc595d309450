"""Every column of a result, once: its name, its kind, what it is, its range, and which columns each table has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from scoring.column import Column as Column
from scoring.column import Kind as Kind
from scoring.column import Table as Table
from scoring.column import always, day, number, points, share, table, text, whole
from scoring.vocabulary import ShareOf, Status

_QUERY: Final = always(
    table(
        text("query", "The identifier, as given."),
        text("status", "What became of the query; cash and not-a-share are rows of a file.", *get_args(Status)),
    )
)
_NAME: Final = table(text("company_id", "Identifier of the company here."), text("name", "Name of the company."))
_LISTING: Final = table(
    text("ticker", "Of the listing that was named, else of the primary one."),
    text("mic", "Market of the listing, ISO 10383 code."),
)
_HOME: Final = table(
    text("country", "Home country, ISO 3166 code."),
    text("sector", "Sector of the company."),
)
_INDUSTRY: Final = table(text("industry", "Industry of the company."))
_CANDIDATES: Final = table(text("candidates", "The nearest companies, where the query names none or several."))
_REASON: Final = table(text("reason", "What was assumed of the query, or why it did not resolve."))
VERSIONS: Final = always(
    table(
        day("as_of", "Only facts known by this day were used."),
        text("release", "Version of the reference data."),
        text("methodology", "Version of the methodology."),
        text("scenario", "What is assumed; empty without a scenario."),
    ),
    "scenario",
)
"""What every row is computed from."""

_PILLARS: Final = table(
    points("score_market", "Points of the score that are the market's; the three sum to the score."),
    points("score_control", "Points of the score that are the export controls'."),
    points("score_retaliation", "Points of the score that are the retaliation's."),
)
PILLAR_POINTS: Final = tuple(_PILLARS)

EXPOSURES: Final = table(
    share("market", "Market exposure: the China share of revenue, latest or structural as the methodology says."),
    share("control", "Control exposure: control_now plus the probability of alignment times alignment_gap."),
    share("control_now", "Revenue that the packages of controls which bind the company restrict today."),
    share("alignment_gap", "What the strictest treatment of any ally would add to control_now."),
    share("retaliation", "Retaliation exposure: 1 - (1 - retaliation_supply) (1 - retaliation_access)."),
    share("retaliation_supply", "What China can withhold: revenue that rests on its critical minerals."),
    share("retaliation_access", "Whom China can shut out: revenue in China that is or may be closed."),
)

_CHINA: Final = table(
    share("china_share", "Share of revenue from China behind the market exposure: known, or else estimated."),
    share("china_share_p05", "Of an estimated share: it is below this with a chance of one in twenty."),
    share("china_share_p95", "Of an estimated share: it is above this with a chance of one in twenty."),
)

_AGE: Final = number("china_share_age", "Years from the end of the period that the share describes to the date.")

RESULT: Final = (
    _QUERY
    | _NAME
    | _LISTING
    | _HOME
    | _INDUSTRY
    | table(
        points("score", "Exposure score; empty where an exposure is unknown."),
        points("score_floor", "Of a partial company: the composite with the unknown exposures at zero."),
        text("band", "Band of the score, by the methodology."),
        whole("rank", "Among the known scores, 1 is the highest; of an estimated one, what it would be."),
        points("percentile", "Share of all known scores below it in percent, equal ones counted half."),
        points("sector_percentile", "The same within the sector."),
    )
    | EXPOSURES
    | _PILLARS
    | table(
        share("confidence", "How certain the facts behind the score are."),
        text("confidence_grade", "Grade of the confidence, by the methodology."),
    )
    | _CHINA
    | table(
        text("china_share_kind", "What kind of knowledge the share is.", "reported", "derived", "modelled"),
        text("china_share_evidence", "How the share became known."),
        text("china_share_scope", "What counts as China; several, the latest first, where the series mixes them."),
        text("china_share_basis", "By what sales are assigned to China; several where the series mixes them."),
        text("china_share_of", "What it is a share of: all revenue, or a lesser base.", *get_args(ShareOf)),
        text("china_share_period", "Fiscal period that the share describes; of a sum the first and the last."),
        day("china_share_period_end", "End of that period."),
        _AGE,
        text("china_share_caution", "What to mind: older than 18 months, of a lesser base, of a mixed series."),
        share("china_share_structural", "Median of up to three annual shares."),
        number("china_share_surge", "china_share minus china_share_structural; empty of one year or a mixed series."),
        text("china_share_note", "What the reader of the document noted."),
        text("product_mix", "From segments or business-mix, of which day; the mean of peers; or unallocated."),
        text("product_mix_evidence", "The kinds of evidence in the product mix."),
        text("matched_by", "How the query was read."),
    )
    | _CANDIDATES
    | _REASON
    | VERSIONS
)
"""A result row, the same and in the same order on every surface."""

INTERVAL: Final = table(
    points("score_p05", "5th percentile of the score over all assumptions."),
    points("score_p50", "Median of the score over all assumptions."),
    points("score_p95", "95th percentile of the score over all assumptions."),
    number("rank_p05", "5th percentile of the rank over all assumptions."),
    number("rank_p50", "Median of the rank over all assumptions."),
    number("rank_p95", "95th percentile of the rank over all assumptions."),
)
"""What a result row has besides when its uncertainty is asked for."""

NEUTRAL: Final = table(
    number("zscore", "(score - mean) / standard deviation of all scores."),
    number("sector_zscore", "The same within the sector."),
    points("country_percentile", "Percentile within the country."),
    number("country_zscore", "(score - mean) / standard deviation within the country."),
    number("neutral_score", "Score minus the mean of the scores of the same sector and country."),
    points("neutral_percentile", "Percentile of that among all neutral scores."),
    number("neutral_zscore", "z-score of that among all neutral scores."),
)
"""Neutral ranks, over all known scores of the release at the date."""

SCREEN: Final = RESULT | NEUTRAL
"""A row of a screen."""

BASKET: Final = always(
    table(
        text("ticker", "Market and ticker, or the company_id of a company without a listing."),
        number("weight", "Equal within a side; the long side sums to 1, the short side to -1."),
        text("side", "Long the lowest, short the highest.", "long", "short"),
        whole("pair", "Number of the pair, where the basket is neutral."),
    )
    | _NAME
    | _HOME
    | _INDUSTRY
    | table(
        *(RESULT[name] for name in ("status", "score")),
        text("sort", "The column that the companies are taken by."),
        number("sort_value", "The company's value in that column."),
    )
    | VERSIONS,
    *("pair", "score", "scenario", "industry"),
)
"""A position of a basket; ticker and weight make it a book."""

IMPACT: Final = (
    _QUERY
    | _NAME
    | _LISTING
    | _HOME
    | _INDUSTRY
    | table(
        points("score_before", "Score without the change."),
        points("score", "Score with the change."),
        number("delta", "Points; score minus score_before. Empty unless both are known."),
        number("delta_market", "Points of delta that are the market's; the three sum to delta."),
        number("delta_control", "Points of delta that are the export controls'."),
        number("delta_retaliation", "Points of delta that are the retaliation's."),
        points("score_floor_before", "Floor of a partial company without the change."),
        points("score_floor", "Floor of a partial company with the change."),
        share("control_before", "Control exposure without the change."),
        share("control", "Control exposure with the change."),
        share("retaliation_before", "Retaliation exposure without the change."),
        share("retaliation", "Retaliation exposure with the change."),
        share("retaliation_supply_before", "Its supply side without the change."),
        share("retaliation_supply", "Its supply side with the change."),
        whole("rank_before", "Rank among the scored companies without the change."),
        whole("rank", "Rank among the scored companies with the change."),
    )
    | _REASON
    | _CANDIDATES
    | VERSIONS
)
"""What a change does to one name; before is without it."""

RISK: Final = (
    _QUERY
    | _NAME
    | _LISTING
    | _HOME
    | table(
        text("fiscal_period", "The fiscal period that the China share describes; a quarter stays a quarter."),
        day("period_end", "Its last day."),
        day("base_date", "The day in its middle: what was known by then is absorbed in the revenue."),
        share("share_at_risk", "Of the revenue: 1 - (1 - control_loss) (1 - retaliation_loss)."),
        share("share_at_risk_low", "The least with every judged fraction and stringency at low, value or high end."),
        share("share_at_risk_high", "The greatest with these at their low end, value or high end."),
        share("share_at_risk_supply", "Lost of a greater dependence on minerals; empty where it is part of the risk."),
        share("share_at_risk_all", "With the supply side: 1 - (1 - share_at_risk) (1 - share_at_risk_supply)."),
        share("control_loss", "Share of revenue that export controls take since the base date."),
        share(
            "retaliation_loss",
            "1 - (1 - x) / (1 - x at the base date), where x has risen: access, or retaliation, by the methodology.",
        ),
        text("currency", "Reporting currency, ISO 4217 code."),
        number("revenue", "Of the latest year or the fiscal period, by the methodology; in the reporting currency."),
        number("revenue_at_risk", "revenue times share_at_risk, in the reporting currency."),
        number("revenue_at_risk_low", "The same at share_at_risk_low."),
        number("revenue_at_risk_high", "The same at share_at_risk_high."),
        number("revenue_at_risk_supply", "The same at share_at_risk_supply."),
        number("revenue_at_risk_all", "The same at share_at_risk_all."),
        number("usd_rate", "US dollars per unit of the reporting currency: reference rate at the end of the period."),
        number("revenue_at_risk_usd", "revenue_at_risk in US dollars."),
        number("revenue_at_risk_usd_low", "The same at share_at_risk_low."),
        number("revenue_at_risk_usd_high", "The same at share_at_risk_high."),
        number("revenue_at_risk_usd_supply", "The same at share_at_risk_supply."),
        number("revenue_at_risk_usd_all", "The same at share_at_risk_all."),
        text("risk_note", "Why something is missing, or what was assumed of the query."),
    )
    | _CANDIDATES
    | VERSIONS
)
"""Revenue at risk of one query; money is in units of the currency, of a year or of the fiscal period."""

RISK_INTERVAL: Final = table(
    share("share_at_risk_p05", "5th percentile of share_at_risk over all assumptions."),
    share("share_at_risk_p50", "Median of share_at_risk over all assumptions."),
    share("share_at_risk_p95", "95th percentile of share_at_risk over all assumptions."),
    number("revenue_at_risk_p05", "revenue times share_at_risk_p05."),
    number("revenue_at_risk_p50", "revenue times share_at_risk_p50."),
    number("revenue_at_risk_p95", "revenue times share_at_risk_p95."),
    number("revenue_at_risk_usd_p05", "revenue_at_risk_p05 in US dollars."),
    number("revenue_at_risk_usd_p50", "revenue_at_risk_p50 in US dollars."),
    number("revenue_at_risk_usd_p95", "revenue_at_risk_p95 in US dollars."),
)
"""What revenue at risk has besides when its uncertainty is asked for: percentiles over all assumptions."""

EVENT: Final = (
    _QUERY
    | _NAME
    | _LISTING
    | _HOME
    | _INDUSTRY
    | always(
        table(
            text("act", "The rule, measure or scenario; several announced together are joined by +."),
            text("act_label", "What it is called."),
            day("announced", "Day of the announcement; empty for a scenario."),
        ),
        "announced",
    )
    | table(
        whole("hit_rank", "By share_at_risk_all, else the supply side alone; 1 is hardest hit, empty where not hit."),
        EXPOSURES["market"],
        *(IMPACT[name] for name in ("score_before", "score", "delta", "delta_market", "delta_control")),
        *(IMPACT[name] for name in ("delta_retaliation", "score_floor_before", "score_floor")),
        number("control_change", "What the act adds to the control exposure; negative where it eases."),
        number("retaliation_change", "What the act adds to the retaliation exposure."),
        number("retaliation_supply_change", "What the act adds to its supply side."),
        *(column for name, column in RISK.items() if "at_risk" in name or name.endswith("_loss")),
        *(RISK[name] for name in ("fiscal_period", "currency", "revenue", "usd_rate", "risk_note")),
    )
    | _REASON
    | _CANDIDATES
    | {name: column for name, column in VERSIONS.items() if name != "scenario"}
)
"""What one act adds to one name, from the state known on `as_of`; without and with the act are before and after."""

CHANGED_NAME: Final = (
    _QUERY
    | table(
        text("status_from", "At the first end; empty where the company is not in its release.", *get_args(Status)),
        text("status_to", "At the second end; empty where the company is not in its release.", *get_args(Status)),
    )
    | _NAME
    | _LISTING
    | _HOME
    | table(
        points("score_from", "Score at the first end."),
        points("score_to", "Score at the second end."),
        number("delta", "Points; the sum of the attributions. Empty unless both ends have a score."),
        number("delta_market", "Points of delta that are the market's; the three sum to delta."),
        number("delta_control", "Points of delta that are the export controls'."),
        number("delta_retaliation", "Points of delta that are the retaliation's."),
        points("floor_from", "Floor of a partial company at the first end."),
        points("floor_to", "Floor of a partial company at the second end."),
        number("floor_delta", "Without a score at either end, the same known at both: sum of the attributions."),
        whole("rank_from", "Rank among the scored companies at the first end."),
        whole("rank_to", "Rank among the scored companies at the second end."),
    )
    | _REASON
    | _CANDIDATES
)
"""What became of one name between two ends."""

CAUSE: Final = table(
    text("kind", "Kind of thing that differs."),
    text("change", "added, removed or changed."),
    text("label", "Short name of the cause."),
    text("statement", "What the fact says, as worded at the later of the two dates."),
    number("value_from", "The number that changed, at the first end; empty where it is none or not known there."),
    number("value_to", "The number that changed, at the second end; empty where it is none or not known there."),
    day("known_from", "Day from which the fact may be used."),
    text("evidence", "How it came to be known."),
    text("origin", "release, or overlay NAME for a private fact laid over it."),
)
"""A thing that differs between two ends."""

CHANGE: Final = (
    CHANGED_NAME
    | table(
        text("cause", "Table and key of what moved the name; empty where nothing did."),
        number("points", "Points that the cause gave the name; of one name they sum to delta, or to floor_delta."),
        number("points_market", "Points of these that are the market's; the three sum to points."),
        number("points_control", "Points of these that are the export controls'."),
        number("points_retaliation", "Points of these that are the retaliation's."),
    )
    | CAUSE
    | table(
        text("source_title", "Title of the document that was read."),
        text("source_url", "Address of the document."),
        *(
            column._replace(name=f"{name}_{end}", text=f"Of the {which} end. {column.text}")
            for end, which in (("from", "first"), ("to", "second"))
            for name, column in VERSIONS.items()
        ),
    )
)
"""One name and one cause; a name that nothing moved has one row without a cause."""

_AGED_SHARE: Final = (*_CHINA, "china_share_period", "china_share_caution")

POSITION: Final = (
    table(RESULT["score"])
    | _PILLARS
    | _QUERY
    | _NAME
    | _HOME
    | table(
        number("amount", "As given (quantity times price, converted); negative is short."),
        Column("weight", "number", "Share of the gross weight of the book; negative is short.", (-1.0, 1.0)),
        RESULT["score_floor"],
        number("contribution", "Points that it adds to the score of the portfolio, which they sum to."),
        number("contribution_net", "The same with short positions counted negative; they sum to the net points."),
        *(RESULT[name] for name in _AGED_SHARE),
        share("share_at_risk", "Share of the company's revenue at risk."),
        number("revenue_at_risk_usd", "The company's revenue at risk in US dollars, however much of it is held."),
    )
    | _CANDIDATES
    | _REASON
    | VERSIONS
)
"""A position of a scored portfolio; the score and its points are those of the company."""

COVERAGE: Final = (
    table(
        RESULT["query"],
        text(
            "known",
            "How well it is known; old is known from a period that ended more than two years before the date.",
            *("known", "old", "estimated", "partial", "no-data"),
            *("unresolved", "ambiguous", "cash", "not-a-share"),
        ),
    )
    | _NAME
    | _HOME
    | table(POSITION["weight"], RESULT["score"])
    | {name: RESULT[name] for name in (*_AGED_SHARE, "china_share_period_end", "matched_by")}
    | _CANDIDATES
    | _REASON
    | VERSIONS
)
"""How well a name of a list or book is known."""

MATCH: Final = (
    table(whole("row", "Line or row of the file."))
    | _QUERY
    | _NAME
    | table(
        text("listing", "Listing of the company that is meant, as MIC:ticker."),
        text("evidence", "Columns of the file that point to the company."),
        text("name_in_file", "As written."),
        text("agreement", "How it compares with the company's: same, similar, differs, incomparable or missing."),
    )
    | _CANDIDATES
    | _REASON
)
"""A row of a match table: which company a row of a file was matched to, to sign off."""

_PANEL: Final = ("score", "score_floor", "rank", "percentile", *EXPOSURES, *_PILLARS, *_CHINA, _AGE.name)
PANEL: Final = {name: RESULT[name] for name in _PANEL}
"""What a panel can hold: numbers of a result row."""

_OF_BOOKS: Final = POSITION | COVERAGE | MATCH
_ALL: Final = RESULT | INTERVAL | NEUTRAL | BASKET | IMPACT | RISK | RISK_INTERVAL | EVENT | CHANGE | _OF_BOOKS
KINDS: Final[Mapping[str, Kind]] = {column.name: column.kind for column in _ALL.values()}
"""Kind of every column by its name: one in which everything is missing has the same type as always."""
