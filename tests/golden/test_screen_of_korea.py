"""Neutral ranks of Korea's three scored companies as of 2024-09-02, worked out by hand."""

from math import sqrt

from scoring.screening.filters import Filters
from scoring.screening.screen import screen_page

# Scores: SK hynix, Samsung Electronics (both Information Technology), Amorepacific (Consumer Staples)
HYNIX, SAMSUNG, AMORE = 50.527406676862164, 46.389717836893276, 22.152336627336645

# Country: mean 119.0694611.. / 3, population variance = mean square - square of the mean
MEAN = (HYNIX + SAMSUNG + AMORE) / 3
STD = sqrt((HYNIX**2 + SAMSUNG**2 + AMORE**2) / 3 - MEAN**2)
# Cell (Information Technology, KR): two companies, mean (50.53 + 46.39) / 2; Amorepacific is alone in its cell
CELL = (HYNIX + SAMSUNG) / 2


def test_ranks(scorer_at, near):
    found = screen_page(scorer_at("2024-09-02"), Filters(country="KR", status="ok")).columns
    assert found["company_id"].tolist() == ["sk-hynix", "samsung-electronics", "amorepacific"]
    near(found["score"].tolist(), [HYNIX, SAMSUNG, AMORE])
    near(found["country_zscore"].tolist(), [(x - MEAN) / STD for x in (HYNIX, SAMSUNG, AMORE)])
    assert [round(x, 2) for x in found["country_zscore"].tolist()] == [0.87, 0.54, -1.40]
    # Share of the group below, one's own counted half: 2.5, 1.5 and 0.5 of 3
    near(found["country_percentile"].tolist(), [250 / 3, 150 / 3, 50 / 3])
    near(found["neutral_score"].tolist()[:2], [HYNIX - CELL, SAMSUNG - CELL])
    assert found["neutral_score"][2] != found["neutral_score"][2], "alone in its cell"
    assert found["neutral_zscore"][2] != found["neutral_zscore"][2]
