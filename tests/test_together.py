"""Factors, their number and their pairs: what everybody knows, and what is hidden for its sake."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from rdac_validator.disclosure import ALL, Cell, Parts, Policy, Several, Table, protect
from rdac_validator.disclosure.cells import Cells
from rdac_validator.metrics.axes import ANSWERED
from rdac_validator.metrics.demographics import COMMON, FACTORS
from rdac_validator.quality.together import Together

CODES = FACTORS.variable
FACTOR = Several(CODES, ("1A", "2A", "3A", "4A", "5A", "6A"))
NUMBER = Parts(CODES, (*FACTORS.bands, "not known"), {ANSWERED: tuple(FACTORS.bands)})
GIVEN = {CODES: ANSWERED}


def tables_of(sets: Counter[tuple[str, ...]]) -> tuple[list[Table], Together]:
    """Assessments with each set of factors, as the report counts them, and what is known of them."""
    numbers: Counter[tuple[str | None, ...]] = Counter()
    named: Counter[tuple[str | None, ...]] = Counter()
    pairs: Counter[tuple[str | None, ...]] = Counter()
    for codes, times in sets.items():
        numbers[list(FACTORS.bands)[min(len(codes), 2)],] += times
        named.update({(code,): times for code in (ALL, *codes)})
        pairs.update(dict.fromkeys(((ALL, ALL), *((code, ALL) for code in codes), *combinations(codes, 2)), times))
    common = tuple(code for code in FACTOR.categories if named[code,] >= COMMON)
    tables = [Table("number", "assessment", (NUMBER,), numbers), Table("named", "assessment", (FACTOR,), named, GIVEN)]
    if len(common) > 1:
        both = Several(CODES, common)
        kept = {at: n for at, n in pairs.items() if set(at) <= {ALL, *common}}
        tables.append(Table("pairs", "assessment", (both, both), kept, GIVEN))
    often = sorted(FACTOR.categories, key=lambda code: -named[code,])
    used = sum(named[code,] > 0 for code in FACTOR.categories)
    return tables, Together(Cell("assessment"), often, common if len(common) > 1 else (), used)


def with_factors(*sets: tuple[int, str]) -> tuple[list[Table], Together]:
    """So many assessments with each of these sets of factors."""
    return tables_of(Counter({tuple(codes.split()): times for times, codes in sets}))


SETS = st.dictionaries(
    st.frozensets(st.sampled_from(FACTOR.categories)).map(lambda codes: tuple(sorted(codes))),
    st.sampled_from([1, 2, 7, 25, 40, 90]),
    min_size=1,
)


@settings(max_examples=150, deadline=None)
@given(SETS)
def test_what_everybody_knows_is_true_whatever_the_factors_are(sets: dict[tuple[str, ...], int]) -> None:
    tables, together = tables_of(Counter(sets))
    cells = Cells(tables)
    common = {table.cell(code) for table in tables[1:2] for code in FACTOR.categories if table.counts[code,] >= COMMON}
    for bound in together.all():
        fewer, more = (sum(cells.value[cells.number[cell]] for cell in side) for side in (bound.fewer, bound.more))
        # one factor alone stands in no pair, however common it is
        lone = not together.common and bound.beside == COMMON - 1 and set(bound.fewer) <= common
        assert lone or fewer <= more + bound.beside, bound


def test_a_factor_is_not_what_the_number_of_factors_leaves_over() -> None:
    tables, together = with_factors((40, "1A"), (30, "2A"), (20, "1A 2A"), (3, "3A"))
    # 1A 60, 2A 50, 3A 3: 113 in all, which is 73 with one factor and 20 with two
    assert protect(tables[:2]).hidden == {tables[1].cell("3A")}
    assert len(protect(tables[:2], at_most=together.all()).hidden) > 1


def test_a_factor_that_nearly_all_have_does_not_tell_how_few_have_none() -> None:
    tables, together = with_factors((80, "1A"), (3, ""))
    hidden = protect(tables, at_most=together.all()).hidden
    # 80 of 83 have it, so that no more than three can have none
    assert {tables[0].cell("none"), tables[1].cell("1A")} <= hidden or tables[1].cell(ALL) in hidden


def test_a_pair_is_not_what_all_pairs_leave_over() -> None:
    pairs = [(3 if both == ("1A", "5A") else 20, " ".join(both)) for both in combinations(FACTOR.categories[:5], 2)]
    tables, together = with_factors(*((20, code) for code in FACTOR.categories[:5]), *pairs)
    pair = tables[2].cell("1A", "5A")
    assert protect(tables).hidden == {pair}
    hidden = protect(tables, at_most=together.all()).hidden
    assert pair in hidden and len(hidden) > 1


def test_where_nobody_has_several_the_rest_is_still_shown() -> None:
    tables, together = with_factors((60, "1A"), (80, "2A"), (3, "3A"))
    protected = protect(tables, at_most=together.all())
    assert [str(protected.table("named")[at,]) for at in (ALL, "1A", "2A", "3A")].count("c") == 2
    assert str(protected.table("number")["2 or more",]) == "0"


def test_who_has_a_factor_and_is_not_counted_with_one_alone_stands_in_a_pair_of_it() -> None:
    alone, apart = [(32, "1A"), (1, "2A")], [(40, "2A 3A"), (20, "2A 3A 4A"), (40, "2A 3A 4A 5A")]
    tables, together = with_factors(*alone, (25, "1A 2A"), (3, "1A 3A"), *apart)
    of_one = {bound for code in together.common for bound in together._pairs_of(code)}
    without = protect(tables, at_most=[bound for bound in together.all() if bound not in of_one]).hidden
    # 60 have 1A and 33 have one factor alone, so that all pairs of 1A are 27 or more, whatever is hidden of them
    assert len(protect(tables, at_most=together.all()).hidden) > len(without)


def test_a_factor_that_stands_in_pairs_is_known_to_be_common() -> None:
    tables, together = with_factors((32, "1A"), (40, "2A"), (3, "3A"))
    assert together.common == ("1A", "2A")
    # if 1A could be anything the three were protected by it alone, but it is 30 or more
    hidden = protect(tables, Policy(6), together.all()).hidden
    assert {tables[1].cell("3A"), tables[1].cell("2A")} <= hidden or tables[0].cell("1") in hidden
