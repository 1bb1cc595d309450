"""A methodology: every choice of the score as a document, with its range and its reason."""

from scoring.methodology.document import Methodology as Methodology
from scoring.methodology.document import list_methodologies as list_methodologies
from scoring.methodology.document import load_methodology as load_methodology
from scoring.methodology.document import parse_methodology as parse_methodology
