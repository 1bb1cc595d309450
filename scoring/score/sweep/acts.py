"""Acts: what many variants' measures change in the forces that companies feel, computed only where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scoring.arrays import Groups
from scoring.exposure.force import joint_force, on_company, strictest_measure
from scoring.exposure.measures import (
    Subjects,
    SupplySide,
    access_of,
    access_strength,
    on_kind,
    supply_of,
    supply_strength,
)
from scoring.facts.blocks import Measures
from scoring.score.evaluation import Evaluation
from scoring.score.sweep.stack import stacked_measures
from scoring.score.sweep.tables import Changes, Tables


class Acts:
    """Tables of an evaluation under the measures of variants, whose threats and numbers are those of the evaluation.

    Parameters
    ----------
    base : Evaluation
        Without a leading axis.
    """

    def __init__(self, base: Evaluation) -> None:
        facts, layout = base.facts, base.facts.layout
        countries = len(facts.countries)
        self._base = base
        self._needs_of_mineral = _grouped(layout.need_mineral_cell, len(facts.minerals) * countries)
        self._needs_of_family = _grouped(layout.need_family_cell, len(facts.families) * countries)
        self._kits = Groups(layout.kit_first, layout.kit_needs)
        self._kit_of_need = np.repeat(np.arange(layout.kit_needs.size), layout.kit_needs)

    def supply(self, blocks: Sequence[Measures], tables: Tables) -> dict[str, Changes]:
        """Cells of the tables `need`, `kit` and `supplied` that supply measures change."""
        base, facts = self._base, self._base.facts
        variants, countries = len(blocks), len(facts.countries)
        measures, subjects, companies = self._stacked(blocks, facts.supply)
        side = supply_of(measures, supply_strength(measures, base.parameters), subjects, countries)
        threat = base.force.latent[facts.country[companies]]
        supplied = on_company(threat, side.single.reshape(variants, -1), base.force.adds)
        return {
            **self._supply(side, variants, tables),
            "supplied": _changes(tables.supplied, companies, supplied),
        }

    def access(self, blocks: Sequence[Measures], tables: Tables) -> dict[str, Changes]:
        """Cells of the tables `shut` and `admitted` that access measures change."""
        base, facts = self._base, self._base.facts
        measures, subjects, companies = self._stacked(blocks, facts.access)
        side = access_of(measures, access_strength(measures, base.parameters), subjects, len(facts.countries))
        families = side.family.value.reshape(len(blocks), -1)
        variant, cell = np.nonzero(families != base.force.access.family.value.ravel())
        shut = joint_force(base.force.boycott.ravel()[cell], families[variant, cell], base.force.adds)
        return {
            "shut": Changes.between(tables.shut, variant, cell, shut),
            "admitted": _changes(tables.admitted, companies, side.single.reshape(len(blocks), -1)),
        }

    def _stacked(self, blocks: Sequence[Measures], known: Measures) -> tuple[Measures, Subjects, np.ndarray]:
        """Measures of all variants, each on subjects of its own; these; and the companies that any measure names."""
        facts = self._base.facts
        measures, variant = stacked_measures(blocks)
        named = [block.subject[on_kind(block, "company")] for block in (known, measures)]
        companies = np.unique(np.concatenate(named))
        sizes = Subjects.of(facts)._replace(company=companies.size)
        subject = measures.subject.copy()
        mine = on_kind(measures, "company")
        subject[mine] = np.searchsorted(companies, subject[mine])
        for kind, size in sizes._asdict().items():
            mine = on_kind(measures, kind)
            subject[mine] += variant[mine] * size
        return replace(measures, subject=subject), Subjects(*(len(blocks) * size for size in sizes)), companies

    def _supply(self, side: SupplySide, variants: int, tables: Tables) -> dict[str, Changes]:
        """What the measures of all variants change for the needs, or for the kits, of the layout."""
        base, layout, before = self._base, self._base.facts.layout, self._base.force.supply
        countries, minerals = len(base.facts.countries), len(base.facts.minerals)
        mineral = side.mineral.value.reshape(variants, -1)
        family = side.family.value.reshape(variants, -1)
        # Of (country, country) only the measures of a country on itself as a whole are felt.
        nation = side.country.value.reshape(variants, countries, countries).diagonal(axis1=1, axis2=2)
        under = side.under_measure.reshape(variants, minerals)
        felt = (under[:, :, None] * nation[:, None, :]).reshape(variants, -1)
        felt_before = (before.under_measure[:, None] * before.nation).ravel()
        # A kit is as exposed as the greatest of all its needs.
        of_need = self._kit_of_need if base.parameters.bottleneck else np.arange(layout.need_mineral.size)
        moved = np.zeros((variants, (layout.kit_needs if base.parameters.bottleneck else of_need).size), dtype=bool)
        for differs, needs in (
            ((mineral != before.mineral.value.ravel()) | (felt != felt_before), self._needs_of_mineral),
            (family != before.family.value.ravel(), self._needs_of_family),
        ):
            variant, cell = np.nonzero(differs)
            need, count = needs.of(cell)
            moved[np.repeat(variant, count), of_need[need]] = True
        variant, need = by, kit = np.nonzero(moved)
        if base.parameters.bottleneck:
            need, count = self._kits.of(kit)
            variant = np.repeat(by, count)
        act = strictest_measure(
            felt[variant, layout.need_mineral_cell[need]],
            mineral[variant, layout.need_mineral_cell[need]],
            family[variant, layout.need_family_cell[need]],
        )
        pressed = joint_force(base.force.latent[layout.need_country[need]], act, base.force.adds)
        if not base.parameters.bottleneck:
            return {"need": Changes.between(tables.need, variant, need, pressed)}
        assert base.retaliation.bottlenecks is not None  # noqa: S101 (where the scarcest need counts)
        exposed = base.retaliation.bottlenecks.hold[need] * pressed
        most = np.maximum.reduceat(exposed, np.cumsum(count) - count) if kit.size else exposed
        return {"kit": Changes.between(tables.kit, by, kit, most)}


def _changes(before: np.ndarray, cell: np.ndarray, values: np.ndarray) -> Changes:
    """What differs from a flat table among the values (v, c) of some of its cells."""
    variant, at = np.nonzero(values != before[cell])
    return Changes(variant, cell[at], values[variant, at])


def _grouped(cell: np.ndarray, cells: int) -> Groups:
    """Needs by cell."""
    return Groups.sizes(np.bincount(cell, minlength=cells), np.argsort(cell, kind="stable"))
