"""Scenarios: what-ifs as data, applied to facts (methodology, section 8)."""

from scoring.scenario.apply import Applied as Applied
from scoring.scenario.apply import apply as apply
from scoring.scenario.check import check as check
from scoring.scenario.library import compose as compose
from scoring.scenario.library import list_scenarios as list_scenarios
from scoring.scenario.library import load_scenario as load_scenario
from scoring.scenario.library import parse_scenario as parse_scenario
from scoring.scenario.model import Scenario as Scenario
