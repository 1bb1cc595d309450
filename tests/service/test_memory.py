"""What pages remember of a scorer is weighed with it, so that it is let go with it."""

from __future__ import annotations

import weakref

from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer
from service.http.cache import weight
from service.http.cache.weight import weigh
from service.web.rows import universe


def test_what_is_remembered_is_weighed_and_forgotten() -> None:
    scorer = Scorer(open_release(), "2024-09-02")
    before = weigh((scorer,))
    rows = universe(scorer)
    assert universe(scorer) is rows
    assert weigh((scorer,)) > before + 100 * len(rows)
    gone = weakref.ref(scorer)
    del scorer
    assert gone() is None


def test_a_long_list_is_weighed_by_a_sample(monkeypatch) -> None:
    rows = [{"name": f"company {number}", "score": number / 7} for number in range(20_000)]
    sampled = weigh((rows,))
    monkeypatch.setattr(weight, "_MANY", 10**9)
    assert abs(sampled / weigh((rows,)) - 1) < 0.1
