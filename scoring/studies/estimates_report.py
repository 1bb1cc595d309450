"""The page of the estimates, made from a release: ``python -m scoring.studies.estimates_report [RELEASE]``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

import numpy as np

from scoring.estimate.calibration import HeldBack, expected, held_back
from scoring.estimate.order import LEAST
from scoring.estimate.vintages import FIRST, Trainer, Vintage, vintage_days
from scoring.reference.releases.release import Release, open_release

_FEW: Final = 10
"""Companies of a group from which its figures are given."""

_LARGE: Final = ("mega", "large")

_INTRO: Final = """\
# Estimates

Most listed companies disclose no China share of revenue. For each of them a release holds an *estimate*, with an
interval, in one vintage for each quarter from {first} on. An estimate is not a fact: its status is `estimated`, its
evidence `modelled`, its confidence grade D, its interval stands beside it (`china_share_p05`, `china_share_p95`), and
every surface takes `estimates = include | exclude | only`. With `exclude` every number is, to the last bit, what a
release without estimates gives. Baskets exclude estimates unless asked.

    exposure score JPM --estimates exclude
    exposure estimate show JPM

## How an estimate is made

1. **Level.** The table `industry_priors` says, for each region, sector and group, what companies *that do not disclose*
   are thought to earn in China: mean, p10, p90, and the chance of next to nothing, judged from the published aggregates
   in its column `basis`. Small US companies count at 0.7 of it.
2. **Order.** Who lies above whom within a cell is learnt from the companies that disclose: a ridge regression
   (scikit-learn) of the logit of the latest known share on region, country, sector, industry group, size class and
   product mix, its penalty chosen by cross-validation. At least {least} companies must have disclosed one, else no
   model is made. The predictions of a cell are moved on the logit scale so that the mean of its companies, over all
   that each of them may be, is that of the cell. A company that once disclosed and whose figure is too old to count
   lies around its own figure, which weighs {own:.2f} beside what its peers say.
3. **Interval.** Residuals of held-back companies (conformal, by region where at least 30 disclose, else pooled), zero
   with the chance of the cell, then widened to its p10 and p90. The estimate is the median; where next to nothing is
   likelier than not, it is 0. An upper bound that the company states caps all three.

An estimate never enters `revenue`, never overwrites a known figure, is never averaged with one, and is never learnt
from. A vintage uses no figure that became known after its day. The priors are structural: one value for all days.

A company without segments and without a judged mix has the mean product mix of the researched companies of its
industry, of its industry group where the industry has fewer than three, with families below 2% left out and the rest
scaled to one. Where the group has fewer than three as well, as with banks, insurers, property and utilities, its
revenue is unallocated (`other`): no control and no mineral touches it, and the text says so.
"""

_MISUSE: Final = """\
## What estimates must not be used for

- Not as a fact about one company: half of all held-back disclosures are missed by more than the median error above.
- Not to rank companies within a cell by small differences: most of the order is industry and size.
- Not as evidence that a company sells nothing in China: an estimate of 0 says that next to nothing is likelier than
  not.
- Not over time: a change from one vintage to the next is mostly a change in who discloses; the priors do not move.
- Not in a study of returns or risks as if it were known when it was made: the priors were judged in 2026.
- Not to train another model.

This page is made by `make docs`.
"""


def render(release: Release) -> str:
    """The page in Markdown, for the last vintage of a release."""
    vintage = Trainer(release).vintage(vintage_days(release.last_as_of)[-1])
    companies, back = release.columns("companies"), held_back(vintage)
    intro = _INTRO.format(first=FIRST, least=LEAST, own=vintage.order.own_weight)
    lines = [
        intro,
        f"## How wrong the order is\n\nVintage {vintage.day} of release {release.version}: {back.company.size} "
        "companies had disclosed a share, each predicted by models that never saw it (cross-validation over companies, "
        "ten folds, five times). Errors are in points of share; coverage is how many disclosures lie in the "
        "interval.\n",
        *_errors(back, "sector", companies["sector"]),
        "",
        *_errors(back, "region", companies["prior_region"]),
        "",
        *_bias(vintage, companies["sector"], companies["country"], companies["size_class"]),
        "",
        *_selection(vintage),
        "",
        _MISUSE.rstrip(),
    ]
    return "\n".join(lines) + "\n"


def _errors(back: HeldBack, by: str, group: np.ndarray) -> Iterator[str]:
    yield f"| {by} | companies | median error | 90th percentile | in the 50% interval | in the 90% interval |"
    yield "|---|---|---|---|---|---|"
    of = group[back.company]
    for name in sorted(set(of)):
        mine = of == name
        if mine.sum() >= _FEW:
            yield _line(name, back, mine)
    yield _line("all", back, np.ones(of.size, dtype=bool))


def _line(name: str, back: HeldBack, mine: np.ndarray) -> str:
    median, most = 100 * np.quantile(back.error[mine], [0.5, 0.9])
    half, nine = (100 * inside[mine].mean() for inside in back.inside.values())
    return f"| {name} | {mine.sum()} | {median:.1f} | {most:.1f} | {half:.0f}% | {nine:.0f}% |"


def _bias(vintage: Vintage, sector: np.ndarray, country: np.ndarray, size: np.ndarray) -> Iterator[str]:
    mean, region = 100 * expected(vintage), vintage.prior.region
    large = np.isin(size.astype(str), _LARGE)
    rows = [
        ("S&P 500: 4 to 7.5% of revenue", "large US companies", (region == "US") & large),
        ("STOXX 600: about 7 to 8%", "large European companies", (region == "Europe") & large),
        ("DAX: 6%", "large German companies", (country == "DE") & large),
        ("ASX 200 without materials: 1.3%", "Australia without materials", (country == "AU") & (sector != "Materials")),
        ("Japanese corporations: 3.4%", "Japan", region == "Japan"),
    ]
    yield "## Bias against published totals"
    yield ""
    yield (
        "Published totals are weighted by revenue, and the release holds no revenue of companies that do not disclose: "
        "beside them stands the plain mean over a group that is like the index, known shares where there are any and "
        "the mean of the estimates elsewhere. A few large disclosers make an index higher than such a mean."
    )
    yield ""
    yield "| published | compared with | companies | of which known | plain mean |"
    yield "|---|---|---|---|---|"
    for published, what, mine in rows:
        known = int(vintage.disclosed.fresh[mine].sum())
        yield f"| {published} | {what} | {mine.sum()} | {known} | {mean[mine].mean():.1f}% |"


def _selection(vintage: Vintage) -> Iterator[str]:
    known, prior = vintage.disclosed, vintage.prior
    fresh = known.fresh
    disclosed, level = 100 * known.share[fresh].mean(), 100 * prior.mean[prior.cell[fresh]].mean()
    above = np.mean(known.share[fresh] > prior.p90[prior.cell[fresh]])
    yield "## Selection"
    yield ""
    yield (
        f"Companies disclose a China share when it is large. The {fresh.sum()} companies whose figure counts earn "
        f"{disclosed:.1f}% of revenue there on average; the cells that they are in say {level:.1f}% of those that do "
        f"not disclose, and {100 * above:.0f}% of the disclosed figures lie above the p90 of their cell. So a model of "
        "the disclosing alone, put to the silent, would overshoot by that factor: the order comes from those who "
        "disclose, the level does not. The coverage above is of the order; whether the level of the silent is right, "
        "no disclosure can tell, and only the published totals bound it."
    )


if __name__ == "__main__":
    print(render(open_release(*sys.argv[1:2])), end="")
