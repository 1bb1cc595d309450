"""The composite as a scikit-learn transformer, for pipelines and sensitivity studies."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from scoring.methodology import Methodology, load_methodology
from scoring.score.composite import PILLARS, composite
from scoring.vocabulary import DEFAULT_METHODOLOGY


class CompositeScore(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn exposures into the points of each pillar, which sum to the score.

    Nothing is learned from the data: `fit` only loads the methodology and checks the input, so the
    points of a company do not depend on the others.

    Parameters
    ----------
    methodology : str, Path or Methodology, default="2026.2"
        Version, path of a YAML document, or a loaded document.

    Attributes
    ----------
    methodology_ : Methodology
        The validated document.
    n_features_in_ : int
        Always 3.

    Examples
    --------
    >>> import numpy as np
    >>> from scoring import CompositeScore
    >>> exposures = np.array([[0.44, 0.030828816, 0.066312126]])
    >>> CompositeScore().fit_transform(exposures).sum().round(4)
    np.float64(54.0047)
    """

    def __init__(self, methodology: str | Path | Methodology = DEFAULT_METHODOLOGY) -> None:
        self.methodology = methodology

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: N803 (scikit-learn's name)
        """Load the methodology and check the shape of `X`.

        Parameters
        ----------
        X : array-like of float, shape (n, 3)
            Market, control and retaliation exposure, 0..1; NaN = unknown.
        y : ignored
        """
        self._check(X, reset=True)
        self.methodology_ = (
            self.methodology if isinstance(self.methodology, Methodology) else load_methodology(self.methodology)
        )
        return self

    def transform(self, X: Any) -> np.ndarray:  # noqa: N803 (scikit-learn's name)
        """Points of each pillar.

        Parameters
        ----------
        X : array-like of float, shape (n, 3)

        Returns
        -------
        ndarray of float, shape (n, 3)
            Points; they sum to the score, 0..100. NaN throughout a row with an unknown exposure.

        Raises
        ------
        ValueError
            Not three columns, or an exposure outside 0..1.
        """
        check_is_fitted(self)
        return composite(self._check(X, reset=False), self.methodology_.parameters)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns that `transform` returns."""
        return np.array([f"score_{pillar}" for pillar in PILLARS], dtype=object)

    def _check(self, X: Any, *, reset: bool) -> np.ndarray:  # noqa: N803 (scikit-learn's name)
        checked: np.ndarray = validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan")
        if checked.shape[1] != len(PILLARS):
            raise ValueError(f"X has {checked.shape[1]} features, expected {len(PILLARS)}: {', '.join(PILLARS)}")
        if np.nanmin(checked, initial=0.0) < 0 or np.nanmax(checked, initial=0.0) > 1:
            raise ValueError("X has an exposure outside 0..1; exposures are shares, not percentages")
        return checked

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.requires_fit = True
        return tags
