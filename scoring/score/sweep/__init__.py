"""Many variants of the same facts, such as scenarios, at the cost of what each of them moves."""

from scoring.score.sweep.moves import Variant as Variant
from scoring.score.sweep.scores import PAYS as PAYS
from scoring.score.sweep.scores import sweep as sweep
from scoring.score.sweep.scores import sweep_scenarios as sweep_scenarios
