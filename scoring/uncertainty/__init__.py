"""Uncertainty: how far a score and its rank could move, and which assumption moves them (methodology, section 7)."""

from scoring.uncertainty.indices import Importance as Importance
from scoring.uncertainty.indices import importance as importance
from scoring.uncertainty.inputs import GROUPS as GROUPS
from scoring.uncertainty.inputs import PILLAR_GROUPS as PILLAR_GROUPS
from scoring.uncertainty.inputs import Inputs as Inputs
from scoring.uncertainty.propagate import Intervals as Intervals
from scoring.uncertainty.propagate import draws as draws
from scoring.uncertainty.propagate import intervals as intervals
