"""500 made units: every component, group, total and class of QĐ 766 is what `bench/points_of_index_set.py` computes."""

from fractions import Fraction

import pandas as pd

from bench.points_of_index_set import GROUPS, components, groups, made_units, total_and_class
from pipeline.rulebooks import installed
from pipeline.score.score import ScoreFrames, score_entities
from schemas.frames import Assessments, Choices, Entities, Figures, PortalPoints

BOOK = installed()["qd-766-2022"]
UNITS = made_units(766, 500)
CODES = {group.id: group.code for group in BOOK.groups}


def scored() -> ScoreFrames:
    def frame(model: type, rows: list[tuple], **types: str) -> pd.DataFrame:
        columns = list(model.to_schema().columns)
        return pd.DataFrame(rows, columns=columns).astype({c: types.get(c, "str") for c in columns})

    figures = [(u.name, m, v, "entered", "t!s!c") for u in UNITS for m, v in u.figures.items()]
    points = [(u.name, c, float(v), "t", "s", "c") for u in UNITS for c, v in u.published.items()]
    return score_entities(
        frame(Entities, [(u.name, u.name, "unit", u.level, "scored", "", "own") for u in UNITS]),
        frame(Figures, figures, value="Int64"),
        Choices.empty(),
        Assessments.empty(),
        BOOK,
        frame(PortalPoints, points, points="float64"),
    )


def exact(value: float) -> Fraction | None:
    return None if pd.isna(value) else Fraction(f"{value:.2f}")


def test_every_figure_is_recomputed() -> None:
    result = scored()
    numbers = {(r.unit_id, r.number): exact(r.score) for r in result.criterion_scores.itertuples()}
    of_codes = {code: c.number for c in BOOK.criteria for code in c.import_codes()}
    of_groups = {
        (r.unit_id, CODES[r.group]): (exact(r.published), exact(r.recomputed)) for r in result.group_scores.itertuples()
    }
    totals = {r.unit_id: (exact(r.total), r.class_law) for r in result.unit_scores.itertuples()}
    differences, compared = [], 0
    for unit in UNITS:
        for parts in components(unit).values():
            for name, points in parts.items():
                compared += 1
                if numbers[unit.name, of_codes.get(name, name)] != points:
                    differences.append((unit.name, name, points, numbers[unit.name, of_codes.get(name, name)]))
        for code, both in groups(unit).items():
            compared += 1
            if of_groups[unit.name, code] != both:
                differences.append((unit.name, code, both, of_groups[unit.name, code]))
        compared += 1
        if totals[unit.name] != total_and_class(unit):
            differences.append((unit.name, total_and_class(unit), totals[unit.name]))
    assert differences == []
    assert compared == 500 * (21 + len(GROUPS) + 1)


def test_ranks_are_within_a_level_and_need_every_group() -> None:
    units = scored().unit_scores
    ranked = units[units["rank"].notna()]
    assert len(ranked) > 50
    assert set(units.loc[units["rank"].isna(), "class_law"]) == {""}
    for level, rows in ranked.groupby("level"):
        places = [(1 + (rows["total"] > total).sum()) for total in rows["total"]]
        assert rows["rank"].tolist() == places, level
