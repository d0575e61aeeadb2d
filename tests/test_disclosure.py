"""Disclosure control: what is hidden, what figures may be shown, and an attack on what is printed."""

from __future__ import annotations

import ast
import doctest
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.attack import Tally, attack
from benchmarks.publications import case
from rdac_validator import disclosure
from rdac_validator.disclosure import (
    ALL,
    HIDDEN,
    NOT_APPLICABLE,
    AtMost,
    Cell,
    Figure,
    Parts,
    Policy,
    Several,
    Table,
    TablesError,
    each,
    protect,
)
from rdac_validator.standard import load

SEX = Parts("sex", ("female", "male", "unknown"))
AGE = Parts("age", ("0-4", "5-9", "10-17"))
FACTOR = Several("factor", ("3A", "3B"))


def by_sex(*counts: int, name: str = "sex", **conditions: str) -> Table:
    return Table(
        name, "child", (SEX,), dict(zip([("female",), ("male",), ("unknown",)], counts, strict=True)), conditions
    )


def printed(table: Table, policy: Policy | None = None) -> list[str]:
    return [str(figure) for _, figure in protect([table], policy).tables[0].rows()]


def test_a_table_without_small_counts_is_printed_as_it_is() -> None:
    assert printed(by_sex(50, 30, 0)) == ["80", "50", "30", "0"]


def test_a_small_count_takes_another_with_it() -> None:
    assert printed(by_sex(50, 30, 2)) == ["82", "50", "c", "c"]


@pytest.mark.parametrize(("threshold", "hidden"), [(5, 0), (6, 2)])
def test_the_threshold_is_the_smallest_count_that_is_shown(threshold: int, hidden: int) -> None:
    assert printed(by_sex(50, 30, 5), Policy(threshold)).count(HIDDEN) == hidden


def test_noughts_are_hidden_where_the_policy_says_so() -> None:
    assert printed(by_sex(50, 30, 0), Policy(zero_policy="zeros_suppressed")) == ["80", "50", "c", "c"]


def test_a_nought_is_hidden_under_a_small_base_where_it_would_say_where_the_few_are() -> None:
    assert printed(by_sex(3, 0, 0)) == ["c", "c", "c", "c"]


def test_what_a_subgroup_leaves_out_is_protected_though_no_table_prints_it() -> None:
    protected = protect([by_sex(50, 50, 0, name="all"), by_sex(48, 30, 0, name="with", dva="yes")])
    assert protected.count(Cell.of("child", sex="female", dva="yes")).mark == HIDDEN


def test_those_without_a_factor_are_protected_when_almost_all_have_it() -> None:
    table = Table("factors", "child", (FACTOR,), {(ALL,): 100, ("3A",): 98, ("3B",): 40})
    assert printed(table) == ["100", "c", "40"]


@pytest.mark.parametrize(("answered", "hidden"), [(False, ["3"]), (True, ["1", "3"])])
def test_where_everybody_has_an_answer_a_small_count_is_not_what_the_others_leave(
    answered: bool, hidden: list[str]
) -> None:
    axis = Several("factor", ("1", "2", "3"), answered=answered)
    table = Table("factors", "child", (axis,), {(ALL,): 103, ("1",): 20, ("2",): 80, ("3",): 3})
    figures = protect([table]).tables[0].figures
    assert [at for (at,), figure in figures.items() if figure.mark] == hidden


def test_an_answer_that_cannot_be_read_is_none_of_those_that_everybody_has() -> None:
    axis = Several("factor", ("1", "2"), answered=True)
    table = Table("factors", "child", (axis,), {(ALL,): 100, ("1",): 20, ("2",): 30})
    assert printed(table) == ["100", "20", "30"]


def test_those_in_neither_of_two_subgroups_are_protected() -> None:
    def base(name: str, size: int, **conditions: str) -> Table:
        return Table(name, "child", (), {(): size}, conditions)

    tables = [base("all", 100), base("with", 60, dva="yes"), base("year", 50, year="2024")]
    assert not protect(tables).hidden
    assert protect([*tables, base("both", 12, dva="yes", year="2024")]).hidden


def test_two_common_factors_do_not_tell_how_many_have_both() -> None:
    table = Table(
        "both", "child", (FACTOR, FACTOR), {(ALL, ALL): 100, ("3A", ALL): 50, ("3B", ALL): 54, ("3A", "3B"): 4}
    )
    figures = protect([table]).tables[0]
    assert HIDDEN in {figures[at].mark for at in ((ALL, ALL), ("3A", ALL), ("3B", ALL))}, "50 + 54 - 100 are 4 at least"


def test_a_cell_hidden_in_one_table_is_hidden_in_every_table_that_counts_the_same() -> None:
    cross: dict[tuple[str | None, ...], int] = {(sex, age): 20 for sex in SEX.categories for age in AGE.categories}
    cross["male", "0-4"] = 1
    tables = [
        Table("cross", "child", (SEX, AGE), cross),
        Table("boys", "child", (AGE,), {(age,): cross["male", age] for age in AGE.categories}, {"sex": "male"}),
    ]
    protected = protect(tables)
    assert [protected.table("boys")[age,] for age in AGE.categories] == [
        protected.table("cross")["male", age] for age in AGE.categories
    ]


def test_two_factors_together_are_one_cell_whichever_comes_first() -> None:
    table = Table(
        "both", "child", (FACTOR, FACTOR), {(ALL, ALL): 120, ("3A", ALL): 60, ("3B", ALL): 40, ("3A", "3B"): 3}
    )
    figures = protect([table]).tables[0]
    assert figures["3A", "3B"].mark == figures["3B", "3A"].mark == HIDDEN
    assert figures["3A", "3A"] == figures["3A", ALL] == Figure(60)


def test_a_subtotal_does_not_give_a_small_category_away() -> None:
    ages = Parts("age", ("0", "1", "2", "3"), {"under 2": ("0", "1")})
    shown = protect([Table("age", "child", (ages,), {("0",): 30, ("1",): 2, ("2",): 20, ("3",): 20})]).tables[0]
    assert shown["0",].mark == shown["1",].mark == HIDDEN
    assert shown["under 2",] == Figure(32)


def test_figures_are_worked_out_from_what_is_printed() -> None:
    protected = protect([by_sex(50, 30, 2)])
    everyone, female, male = Cell.of("child"), Cell.of("child", sex="female"), Cell.of("child", sex="male")
    assert protected.share(female, everyone) == Figure(61.0)
    assert protected.share(male, everyone) == Figure(None, HIDDEN)


def test_nothing_divided_by_nobody_is_not_called_hidden() -> None:
    protected = protect([by_sex(0, 0, 0)])
    assert protected.share(Cell.of("child", sex="male"), Cell.of("child")) == Figure(None, NOT_APPLICABLE)


def test_a_mean_is_released_only_if_all_that_it_rests_on_is_shown_and_not_small() -> None:
    protected = protect([by_sex(50, 30, 2)])
    female, male = Cell.of("child", sex="female"), Cell.of("child", sex="male")
    assert protected.release(3.14159, rests_on=[female]) == Figure(3.1)
    for rests_on, least in (([female, male], 0), ([female], 51), ([], 0)):
        assert protected.release(3.14159, rests_on=rests_on, least=least).mark == HIDDEN


def test_a_mean_is_hidden_where_the_distribution_of_the_same_quantity_has_a_hidden_cell() -> None:
    number = Parts("number", ("1", "2", "3"))
    tables = [by_sex(50, 30, 20), Table("number", "child", (number,), {("1",): 60, ("2",): 38, ("3",): 2})]
    everyone = Cell.of("child")
    assert protect(tables).mean(1.42, everyone, "number").mark == HIDDEN
    assert protect(tables).mean(1.42, everyone, "days") == Figure(1.4)


def test_children_are_not_worked_out_from_their_assessments() -> None:
    assessments = Table("assessments", "assessment", (SEX,), {("female",): 50, ("male",): 20, ("unknown",): 5})
    tables = [by_sex(49, 20, 3), assessments]
    protected = protect(tables, at_most=each(tables, "child", "assessment", {"sex": SEX.categories}))
    assert {cell.unit for cell in protected.hidden} == {"child", "assessment"}


def test_the_assessments_without_a_factor_are_not_worked_out_from_the_episodes_with_it() -> None:
    tables = [
        Table("episodes", "episode", (FACTOR,), {(ALL,): 150, ("3A",): 50, ("3B",): 97}),
        Table("assessments", "assessment", (FACTOR,), {(ALL,): 100, ("3A",): 60, ("3B",): 97}),
    ]
    episodes, assessments = (table.cell("3B") for table in tables)
    assert protect(tables).hidden == {assessments}
    assert episodes in protect(tables, at_most=[AtMost((episodes,), (assessments,))]).hidden


def test_a_bound_that_the_data_break_and_one_of_what_no_table_counts_say_nothing() -> None:
    tables = [by_sex(50, 30, 2), Table("assessments", "assessment", (), {(): 60})]
    child, assessment, nobody = Cell.of("child"), Cell.of("assessment"), Cell.of("adult")
    for bound in (AtMost((child,), (assessment,)), AtMost((child,), (assessment, nobody)), AtMost((nobody,), ())):
        assert protect(tables, at_most=[bound]) == protect(tables)


def test_what_can_only_be_nought_hides_nothing() -> None:
    how = Parts("how", ("code", "direction"))
    table = Table(
        "how", "assessment", (Parts("direction", ("yes", "no")), how), {("no", "code"): 3, ("yes", "direction"): 60}
    )
    never = [AtMost((table.cell(*at),), ()) for at in (("yes", "code"), ("no", "direction"))]
    assert {str(protect([table]).tables[0][at]) for at in (("yes", "code"), ("no", "code"))} == {HIDDEN}
    figures = protect([table], at_most=never).tables[0]
    assert str(figures["yes", "code"]) == "0"
    # else 60 of 63 with a direction would tell the three
    assert [str(figures[at]) for at in ((ALL, "code"), ("no", ALL), ("no", "code"))] == [HIDDEN] * 3


def test_a_published_count_is_not_hidden_since_that_protects_nothing() -> None:
    tables, boys = [by_sex(50, 30, 2)], Cell.of("child", sex="male")
    assert boys in protect(tables).hidden
    assert protect(tables, known={boys: 30}).hidden == {Cell.of("child", sex=sex) for sex in ("female", "unknown")}


def test_what_is_published_and_small_is_protected_all_the_same() -> None:
    tables = [by_sex(50, 30, 2)]
    assert protect(tables, known={Cell.of("child", sex="unknown"): 2}) == protect(tables)


def test_what_follows_from_published_counts_hides_no_others() -> None:
    table = Table("factors", "child", (FACTOR,), {(ALL,): 100, ("3A",): 98, ("3B",): 40})
    assert not protect([table], known={table.cell(ALL): 100, table.cell("3A"): 98}).hidden


@pytest.mark.parametrize("published", [{}, {"3A": 97}, {"3A": 4000}])
def test_a_published_count_that_is_not_ours_gives_nothing_up(published: dict[str, int]) -> None:
    table = Table("factors", "child", (FACTOR,), {(ALL,): 100, ("3A",): 98, ("3B",): 40})
    told = {table.cell(ALL): 100} | {table.cell(name): count for name, count in published.items()}
    # else 98 of 100 would tell the two
    assert table.cell("3A") in protect([table], known=told).hidden


def test_a_number_that_everybody_knows_bounds_a_count() -> None:
    table = by_sex(50, 30, 2)
    assert protect([table]).hidden == {table.cell("male"), table.cell("unknown")}
    no_fewer = AtMost((), (table.cell("male"),), -28)
    # with no fewer than 28 male there are at most 4 of whom it is not known
    assert table.cell("female") in protect([table], at_most=[no_fewer]).hidden
    no_more = AtMost((table.cell("female"),), (), 60)
    assert protect([table], at_most=[no_more]).hidden == protect([table]).hidden


def test_no_assessment_means_no_child_and_is_not_hidden() -> None:
    def base(name: str, unit: str, size: int, **conditions: str) -> Table:
        return Table(name, unit, (), {(): size}, conditions)

    tables = [base("none", "assessment", 0, age="0", dva="yes"), base("few", "child", 4, age="0")]
    tables.append(base("no child", "child", 0, age="0", dva="yes"))
    no_more = each(tables, "child", "assessment", {"age": ["0"], "dva": ["yes"]})
    assert protect(tables, at_most=no_more).hidden == {Cell.of("child", age="0")}


def test_only_this_room_makes_a_figure() -> None:
    package = Path(disclosure.__file__).parent.parent
    for path in set(package.rglob("*.py")) - set((package / "disclosure").rglob("*.py")):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        assert "Figure" not in [getattr(call, "id", getattr(call, "attr", "")) for call in calls], path.name


def test_the_example_of_the_package_does_what_it_says() -> None:
    assert doctest.testmod(disclosure).failed == 0


def test_a_cell_that_no_table_prints_has_no_figure() -> None:
    with pytest.raises(KeyError):
        protect([by_sex(50, 30, 2)]).count(Cell.of("child", age="0-4"))


def test_what_is_printed_holds_nothing_of_what_is_hidden() -> None:
    assert pickle.dumps(protect([by_sex(50, 30, 2)])) == pickle.dumps(protect([by_sex(50, 29, 3)]))


def test_rounding_comes_on_top_of_hiding() -> None:
    assert printed(by_sex(52, 30, 2), Policy(rounding=5)) == ["85", "50", "c", "c"]


@pytest.mark.parametrize(
    "tables",
    [
        [by_sex(5, 6, 7), by_sex(9, 9, 9, name="again")],
        [by_sex(5, 6, 7), by_sex(5, 6, 7, dva="yes")],
        [Table("x", "child", (FACTOR,), {("3A",): 9})],
        [Table("x", "child", (SEX,), {("not asked",): 9})],
        [Table("x", "child", (SEX,), {("male",): 9}, {"sex": "male"})],
    ],
    ids=["two counts", "one name", "no base", "no such category", "an answered question"],
)
def test_tables_that_cannot_be_true_together_are_refused_without_a_number(tables: list[Table]) -> None:
    with pytest.raises(TablesError) as refused:
        protect(tables)
    assert not set("0123456789") & set(str(refused.value))


@pytest.mark.parametrize(
    ("threshold", "zero_policy", "rounding"), [(1, "zeros_shown", 1), (5, "shown", 1), (5, "zeros_shown", 0)]
)
def test_a_policy_that_says_nothing_sensible_is_refused(threshold: int, zero_policy: str, rounding: int) -> None:
    with pytest.raises(ValueError, match=r"2 or more|zero_policy is"):
        Policy(threshold, zero_policy, rounding)


def test_a_return_declares_the_largest_count_that_is_hidden() -> None:
    assert Policy.declared(5, "zeros_suppressed") == Policy(6, "zeros_suppressed")


def test_the_policies_of_the_standard_can_be_used() -> None:
    for value in load().lists["ZeroPolicy"].values:
        Policy(zero_policy=value.code)


def test_two_children_alone_disclose_nothing() -> None:
    cross = Table("cross", "child", (SEX, AGE), {("female", "0-4"): 1, ("male", "5-9"): 1})
    assert set(printed(cross)) == {HIDDEN}


# in the last, those of an area are all of one age, which two tables tell together of a third
ATTACKED = [*(range(start, start + 20) for start in range(0, 200, 20)), range(3207, 3208)]


@pytest.mark.parametrize("seeds", ATTACKED, ids=str)
def test_an_independent_solver_cannot_work_out_what_is_hidden(seeds: range) -> None:
    tally = Tally()
    for seed in seeds:
        attack(case(seed), tally, str(seed))
    assert tally.broken == [] and tally.undecided == []
    assert tally.small


def test_an_attack_that_comes_to_the_end_of_its_nodes_calls_nothing_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    given, tally = case(3), Tally()
    attack(given, tally, "3")
    assert tally.hidden and not tally.undecided
    monkeypatch.setattr("benchmarks.attack.NODES", 0)
    attack(given, tally, "3")
    assert tally.undecided


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=9, max_size=9),
    st.sampled_from([2, 5, 6]),
    st.sampled_from(["zeros_shown", "zeros_suppressed"]),
)
def test_the_laws_of_a_table(counts: list[int], threshold: int, zeros: str) -> None:
    places = [(sex, age) for sex in SEX.categories for age in AGE.categories]
    table = Table("cross", "child", (SEX, AGE), dict(zip(places, counts, strict=True)))
    policy = Policy(threshold, zeros)
    protected = protect([table], policy)
    assert not [count for count in protected.shown.values() if policy.small(count)]
    assert pickle.dumps(protected) == pickle.dumps(protect([table], policy))
    figures = protected.tables[0]
    for sex in SEX.categories:
        parts = [figures[sex, age].value for age in AGE.categories]
        whole = figures[sex, ALL].value
        if whole is not None and None not in parts:
            assert sum(part for part in parts if part is not None) == whole
        assert [*parts, whole].count(None) != 1
