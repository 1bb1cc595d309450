"""The prompts: the three questions that are usually asked, each as an order of work with the tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from scoring.errors import InputError

_HONEST: Final = (
    "Give every number with its release and as-of date, and say whether it is known, derived, estimated or "
    "judged, as the answer says. Name what could not be resolved or scored. Do not fill gaps from memory."
)


class Question(NamedTuple):
    """A question: its title, what it needs, and the order of work."""

    title: str
    needs: Mapping[str, str]
    text: str


QUESTIONS: Final = {
    "book": Question(
        "How exposed is this book, and why?",
        {"holdings": "Tickers with weights, one a line."},
        "Here is a book:\n\n{holdings}\n\nUse `resolve` on its names and show me what is ambiguous or unknown"
        " before anything else. Then use `portfolio`, and `coverage` to say how much of it is known. Use "
        "`explain` for the three names that drive the score most. " + _HONEST,
    ),
    "moved": Question(
        "Why did these scores move?",
        {"tickers": "Names, separated by commas.", "since": "Day from which to compare, YYYY-MM-DD."},
        "Why did the scores of {tickers} move since {since}? Use `changes` from that day, and give for each "
        "name the move, its causes with their points, the day each became known and its document. " + _HONEST,
    ),
    "what_if": Question(
        "What would an act do to these names?",
        {"tickers": "Names, separated by commas.", "act": "What happens, in words."},
        "What would happen to {tickers} if this came: {act}? Look in `scenarios` for the closest what-if, and"
        " in `rules` and `measures` for one that was like it; say which you take and how it differs. Then use"
        " `what_if` for points and `revenue_at_risk` with that scenario for money, with ranges. " + _HONEST,
    ),
}
"""Every question by its name."""


def ask(name: str, given: Mapping[str, str]) -> str:
    """Text of a question.

    Raises
    ------
    InputError
        There is no such question, or it needs something that is not given.
    """
    if name not in QUESTIONS:
        raise InputError("prompt", f"{name[:50]!r} does not exist", f"choose one of {', '.join(QUESTIONS)}")
    question = QUESTIONS[name]
    missing = [need for need in question.needs if not given.get(need)]
    if missing:
        raise InputError(missing[0], "is missing", f"give {missing[0]}: {question.needs[missing[0]]}")
    return question.text.format(**{need: given[need] for need in question.needs})
