"""What is known of every company, as the matrix that the order of the companies is learnt from."""

from __future__ import annotations

from typing import Final

import numpy as np
from sklearn.preprocessing import OneHotEncoder

from scoring.arrays import scatter
from scoring.facts.axes import Axes, index, positions
from scoring.facts.blocks import Segments
from scoring.reference.releases.release import Release

LABELS: Final = ("prior_region", "country", "sector", "industry_group", "size_class")
"""Columns of `companies` that are features, one for each of their words."""


def labels(release: Release) -> np.ndarray:
    """One column for each word of the labels, shape (n, words); what is not stated is a word of its own."""
    companies = release.columns("companies")
    words = np.array([[cell or "" for cell in companies[name]] for name in LABELS], dtype=object).T
    encoded: np.ndarray = OneHotEncoder(sparse_output=False, dtype=float).fit_transform(words)
    return encoded


def mixes(segments: Segments, release: Release, axes: Axes) -> np.ndarray:
    """Share of revenue in each group of product families, shape (n, groups).

    Parameters
    ----------
    segments : Segments
        On `axes`; inferred ones are features like any other.
    release : Release
    axes : Axes
    """
    families = release.columns("product_families")
    group_of = dict(zip(families["product_family"], families["group"], strict=True))
    names = sorted(set(families["group"]))
    group = positions(np.array([group_of[family] for family in axes.families], dtype=object), index(names))
    n = len(axes.company_ids)
    cell = segments.company * len(names) + group[segments.family]
    return scatter(segments.share, cell, n * len(names)).reshape(n, len(names))
