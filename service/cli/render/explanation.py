"""One score as an analyst's note: what drives it, how sure, and the facts it cites with their documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scoring.vocabulary import PILLAR_WORDS, basis
from service.cli.render.console import console, paragraph
from service.cli.words import many

if TYPE_CHECKING:
    from scoring.cited import Fact
    from scoring.explanation.document import Explanation, Node


def print_explanation(explanation: Explanation, top: int) -> None:
    """Print an explanation, `top` parts of each pillar."""
    _Note(explanation, top).print()


class _Note:
    """Writes the note and numbers the facts it cites."""

    def __init__(self, explanation: Explanation, top: int) -> None:
        self.explanation, self.top = explanation, top
        self.out = console()
        self.cited: dict[str, int] = {}

    def print(self) -> None:
        self._headline()
        self._interval()
        for pillar in self.explanation.tree.children:
            self._pillar(pillar)
        self._threat()
        if self.explanation.unknown:
            self._heading("Not known")
            for line in self.explanation.unknown:
                self._line(f"- {line}", indent=2)
        if not self.cited:
            return
        self._heading("Facts and documents")
        self._line("Notes were written when the release was made and may tell of later events.", indent=2, style="dim")
        for fact_id, number in self.cited.items():
            self._fact(number, self.explanation.facts[fact_id])

    def _headline(self) -> None:
        e = self.explanation
        self._line(f"{e.name} ({e.country}) as of {e.as_of}", style="bold")
        self._line(basis(e.release, e.methodology, e.scenario), style="dim")
        if e.score is not None:
            self._line(
                f"Score {e.score:.1f} of 100, {e.band}. Confidence {e.confidence:.2f}, grade {e.confidence_grade}."
            )
        elif e.score_floor is not None:
            self._line(f"No score: an exposure is unknown. With the unknown at zero it would be {e.score_floor:.1f}.")
        else:
            self._line("No data was known by that date.")

    def _interval(self) -> None:
        interval = self.explanation.interval
        if interval is None:
            return
        low, middle, high = interval.score
        self._line(
            f"Interval {low:.1f} to {high:.1f} (p05 to p95), median {middle:.1f}; rank {interval.rank[0]:.0f} to "
            f"{interval.rank[2]:.0f}. {interval.draws} draws, seed {interval.seed}."
        )
        parts = ", ".join(f"{group} {index:.0%}" for group, index in list(interval.importance.items())[:4])
        self._line(f"What matters most (total-order share of the variance): {parts}.")
        pillars = ", ".join(f"{pillar} {index:.0%}" for pillar, index in interval.pillars.items())
        self._line(f"What each exposure rests on, taken together: {pillars}.")

    def _pillar(self, pillar: Node) -> None:
        points = "" if pillar.points is None else f": {pillar.points:.2f} points"
        self._heading(f"{pillar.label}{points}")
        if pillar.exposure is None:
            self._line("unknown", indent=2)
        else:
            self._line(f"{pillar.exposure:.2%} {PILLAR_WORDS[pillar.kind]}.", indent=2)
        leaves = sorted(_leaves(pillar), key=lambda leaf: -_size(leaf[1]))
        for path, leaf in leaves[: self.top]:
            label = " · ".join((*path, leaf.label))
            sure = "" if leaf.certainty is None else f"  certainty {leaf.certainty:.2f}"
            self._line(f"{_amount(leaf)}  {label} {self._numbers(leaf)}{sure}", indent=2)
        rest = leaves[self.top :]
        if rest:
            total = sum(_size(leaf) for _, leaf in rest)
            scored = pillar.points is not None
            self._line(
                f"{total:.2f}  in {many(len(rest), 'smaller part')} (--top {len(leaves)} shows all)"
                if scored
                else f"and {many(len(rest), 'smaller part')} (--top {len(leaves)} shows all)",
                indent=2,
            )

    def _threat(self) -> None:
        threat = self.explanation.threat
        if not threat.events:
            return
        self._heading(f"Latent threat of Chinese coercion toward {threat.country}: {threat.value:.3f}")
        for event in threat.events[: self.top]:
            fact = self.explanation.facts[event.fact]
            self._line(f"{event.weight:.2f}  {fact.statement} [{self._number(event.fact)}]", indent=2)
        if threat.events[self.top :]:
            self._line(f"and {many(len(threat.events) - self.top, 'lighter act')}", indent=2)

    def _fact(self, number: int, fact: Fact) -> None:
        known = f", known since {fact.known_from}" if fact.known_from else ""
        private = f", {fact.origin}" if fact.origin != "release" else ""
        self._line(f"[{number}] {fact.statement} ({fact.evidence}{known}{private})", indent=2)
        if fact.source:
            published = f", published {fact.published}" if fact.published else ""
            url = f" {fact.source.url}" if fact.source.url else ""
            self._line(f"{fact.source.title}{published}.{url}", indent=6, style="dim")
        else:
            self._line("no document of its own", indent=6, style="dim")
        if fact.note:
            self._line(f"Note: {fact.note}", indent=6, style="dim")

    def _number(self, fact_id: str) -> int:
        return self.cited.setdefault(fact_id, len(self.cited) + 1)

    def _numbers(self, leaf: Node) -> str:
        return "[" + ", ".join(str(self._number(fact_id)) for fact_id in leaf.facts) + "]"

    def _heading(self, text: str) -> None:
        self.out.print()
        self._line(text, style="bold")

    def _line(self, text: str, indent: int = 0, style: str = "") -> None:
        paragraph(self.out, text, indent, indent, style)


def _leaves(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    for child in node.children:
        if child.children:
            yield from _leaves(child, (*path, child.label) if child.kind in ("segment", "mineral") else path)
        elif child.facts:
            yield path, child


def _size(leaf: Node) -> float:
    size = leaf.exposure if leaf.points is None else leaf.points
    return size or 0.0


def _amount(leaf: Node) -> str:
    return f"{leaf.exposure:.2%}" if leaf.points is None else f"{leaf.points:.2f}"
