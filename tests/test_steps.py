"""Steps up and down for each hundred child-years in services: the time, the steps, the rate, and when there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest

from rdac_validator.disclosure import Figure, Policy
from rdac_validator.metrics import Cases
from rdac_validator.metrics.steps import DAYS, in_services
from rdac_validator.quality import rates, steps
from rdac_validator.quality.derived import Derived
from rdac_validator.quality.measuring import Quality, measure
from rdac_validator.standard import load
from rdac_validator.tables import Return
from tests.returns import return_of

PERIOD = {"la_code": "999", "nation": "england", "period_start": "2024-04-01", "period_end": "2025-03-31"}
FIRST_DAY = date(2024, 4, 1)
Row = Mapping[str, str]


def days(*episodes: tuple[str, str]) -> int:
    """On how many days of the period a child with these episodes was in services."""
    rows = [
        {"episode_id": f"e{place}", "child_id": "c1", "referral_date": start, "closure_date": end}
        for place, (start, end) in enumerate(episodes)
    ]
    spans = in_services(Cases(return_of({"dataset": [PERIOD], "episode": rows}), load())).collect()
    return sum((row["until"] - row["since"]).days + 1 for row in spans.iter_rows(named=True))


@pytest.mark.parametrize(
    ("episodes", "told"),
    [
        ([("2024-05-01", "2024-05-10")], 10),
        ([("2024-05-01", "2024-05-01")], 1),
        ([("2025-03-31", "")], 1),
        # what lies before or after the period is of another one
        ([("2020-01-01", "2024-04-02")], 2),
        ([("2025-03-30", "2026-01-01")], 2),
        ([("2020-01-01", "")], 365),
        ([("2020-01-01", "2024-03-31")], 0),
        # open at once counts once: one within the other, one after the other, and a gap that is none
        ([("2024-05-01", "2024-05-31"), ("2024-05-10", "2024-05-12")], 31),
        ([("2024-05-01", "2024-05-31"), ("2024-05-10", "2024-06-10")], 41),
        ([("2024-05-01", "2024-05-31"), ("2024-05-10", "2024-05-12"), ("2024-05-20", "2024-06-02")], 33),
        ([("2024-05-01", "2024-05-02"), ("2024-06-01", "2024-06-03")], 5),
        # without a day of referral, or closed before it, nothing is known of the time
        ([("", "2024-06-01")], 0),
        ([("2024-06-02", "2024-06-01")], 0),
    ],
)
def test_time_in_services_is_counted_once_and_within_the_period(episodes: list[tuple[str, str]], told: int) -> None:
    assert days(*episodes) == told


def test_an_episode_that_two_rows_claim_is_not_believed() -> None:
    row = {"episode_id": "e", "child_id": "c1", "referral_date": "2024-05-01", "closure_date": "2024-05-10"}
    given = return_of({"dataset": [PERIOD], "episode": [row, row]})
    assert in_services(Cases(given, load())).collect().is_empty()


def made(flagged: int, others: int, changes: Sequence[tuple[int, str, str]], trigger: str = "other_harm") -> Return:
    """Children who are in services for a hundred days each; each goes through the changes, on the days named."""
    held: dict[str, list[Row]] = {name: [] for name in ("person", "episode", "assessment", "status_event")}
    end = str(FIRST_DAY + timedelta(days=99))
    for child in range(flagged + others):
        key, code = f"c{child}", "3B" if child < flagged else "10A"
        held["person"].append({"person_id": key, "person_kind": "child", "sex": "female"})
        held["episode"].append(
            {"episode_id": key, "child_id": key, "referral_date": str(FIRST_DAY), "closure_date": end}
        )
        held["assessment"].append(
            {"assessment_id": key, "episode_id": key, "assessment_date": str(FIRST_DAY), "source_codes": code}
        )
        held["status_event"] += [
            {
                "event_id": f"{key}-{day}",
                "child_id": key,
                "event_date": str(FIRST_DAY + timedelta(days=day)),
                "from_status": before,
                "to_status": after,
                "trigger": trigger,
            }
            for day, before, after in changes
        ]
    return return_of({"dataset": [PERIOD], **held})


OPEN, CLOSE = (0, "not_open", "child_in_need"), (99, "cp_plan_or_registered", "closed")
UP, DOWN = (20, "child_in_need", "cp_plan_or_registered"), (40, "cp_plan_or_registered", "child_in_need")
UP_AGAIN = (60, "child_in_need", "cp_plan_or_registered")
LATER = (120, "cp_plan_or_registered", "child_in_need")
COURSE = (OPEN, UP, DOWN, UP_AGAIN, CLOSE, LATER)


def quality(given: Return, policy: Policy | None = None) -> Quality:
    return measure([given], load(), policy or Policy())


def rows(given: Return, policy: Policy | None = None) -> dict[tuple[str, str], list[str]]:
    (table,) = steps.tables(quality(given, policy))
    return {(str(row[0]), str(row[1])): [str(cell) for cell in row[2:]] for row in table.rows}


ABUSE, NONE = steps.GROUPS.values()


def test_a_rate_is_the_steps_between_levels_over_the_years_in_services() -> None:
    found = rows(made(73, 40, COURSE))
    years, lower, upper = round(73 * 100 / DAYS), *rates.limits(146)
    assert (years, found[ABUSE, "up"][:3]) == (20, ["73", "20.0", "146"])
    # opening, closing, and what happens when no episode is open, are no steps of a child in services
    assert found[ABUSE, "down"][2] == "73"
    assert found[ABUSE, "up"][3:] == [f"{100 * n / years:.1f}" for n in (146, lower, upper)]
    assert found[NONE, "up"][:3] == ["40", "11.0", "80"]


@pytest.mark.parametrize(("flagged", "others"), [(29, 60), (60, 29), (4, 60), (60, 4)])
def test_years_of_too_few_children_are_not_given_nor_are_those_of_the_others(flagged: int, others: int) -> None:
    found = rows(made(flagged, others, COURSE))
    assert {cells[1] for cells in found.values()} == {"c"}
    assert {cell for cells in found.values() for cell in cells[3:]} == {"c"}


def test_where_every_child_has_abuse_on_record_their_years_are_given_and_the_others_have_none() -> None:
    found = rows(made(60, 0, COURSE))
    assert found[ABUSE, "up"][1] == "16.0"
    assert found[NONE, "up"][:3] == ["0", "z", "0"]
    assert found[NONE, "up"][3:] == ["z", "z", "z"]


def test_steps_that_are_hidden_have_no_rate() -> None:
    once = made(60, 60, (OPEN,))
    event = {"event_id": "x", "child_id": "c0", "event_date": "2024-05-01", "trigger": "other_harm"}
    frame = once.texts["status_event"].frame.collect().to_dicts()
    events = [{k: v for k, v in row.items() if k in event or k.endswith("status")} for row in frame]
    more = [*events, {**event, "from_status": "child_in_need", "to_status": "cp_plan_or_registered"}]
    found = rows(return_of({**_texts(once), "status_event": more}))
    assert found[ABUSE, "up"][2:] == ["c"] * 4


def _texts(given: Return) -> dict[str, list[Row]]:
    frames = {name: text.frame.collect().to_dicts() for name, text in given.texts.items() if name != "status_event"}
    names = {name: set(load().table(name).names) for name in frames}
    return {name: [{k: v for k, v in row.items() if k in names[name]} for row in held] for name, held in frames.items()}


def test_a_source_that_dates_starts_and_closures_alone_gets_a_reason_and_no_rate() -> None:
    (table,) = steps.tables(quality(made(60, 60, COURSE, trigger="not_collected_by_source")))
    assert table.name == "steps-needs"
    assert "status_event.trigger" in " ".join(map(str, table.rows[0]))
    assert not any(isinstance(cell, Figure) for row in table.rows for cell in row)


def test_a_return_without_changes_of_status_has_no_table_of_steps() -> None:
    whole = _texts(made(10, 10, COURSE))
    found: list[Derived] = list(steps.tables(quality(return_of(whole))))
    assert found == []
