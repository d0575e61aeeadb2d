"""A mapping file turns an export into a return: nothing is invented, nothing is dropped unsaid, no cell is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent, indent

import polars as pl
import pytest
import xlsxwriter
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import exports as made_up
from rdac_validator import crosswalks
from rdac_validator.cli.mapping import mapping as rdac_map
from rdac_validator.mapping import LOOKED_FOR, Applied, Checked, MappingError, apply, check, opened, read
from rdac_validator.mapping import Mapping as MappingFile
from rdac_validator.mapping.exports import ExportError
from rdac_validator.standard import load
from tests.returns import pseudonym

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "exports"
KEY = b"a key for the tests only"
FAMILIES = [
    ("wide", "mapping.yaml", "starter"),
    ("long", "mapping.yaml", "t0"),
    ("scotland", "mapping.yaml", "t0"),
    ("scotland", "mapping-by-concern.yaml", "t0"),
]
HEAD = """
version: 1.2.3
title: For a test
profile: t0
code_list_version: scot_cp_local_15
missing: {Not known: asked_unknown}
inputs:
  cases: {file: cases.csv, date: "%d/%m/%Y"}
  people: {file: people.csv}
tables:
"""
PERSON = """
  person:
    - from: cases
      cells:
        person_id: {id: P, columns: [Child]}
"""


class Place:
    """A folder with an export and a mapping of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("people", ["Ref,Sex", "1,M"])

    def write(self, name: str, lines: Sequence[str]) -> None:
        (self.folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def mapping(self, tables: str, head: str = HEAD) -> Path:
        path = self.folder / "mapping.yaml"
        path.write_text(head + tables, encoding="utf-8")
        return path

    def given(self, cells: str, lines: Sequence[str]) -> MappingFile:
        """A mapping of ``person`` with these cells, and the cases that it maps."""
        self.write("cases", lines)
        return read(self.mapping(PERSON + indent(dedent(cells), " " * 8)), load())

    def apply(self, cells: str, lines: Sequence[str]) -> Applied:
        given = self.given(cells, lines)
        return apply(given, opened(given.inputs, [self.folder]), load(), KEY)

    def check(self, cells: str, lines: Sequence[str], *, values: bool = False) -> Checked:
        given = self.given(cells, lines)
        return check(given, opened(given.inputs, [self.folder]), load(), values=values)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def column(applied: Applied, name: str, table: str = "person") -> list[str | None]:
    return applied.tables[table].collect()[name].to_list()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(rdac_map, [str(argument) for argument in arguments])


def provenance(applied: Applied) -> list[tuple[str | None, ...]]:
    return (
        applied.tables["provenance"]
        .select("target_column", "source_field", "source_code", "mapping_status")
        .collect()
        .rows()
    )


# what a cell can be made of


CELLS: Mapping[str, tuple[str, str, str, list[str | None]]] = {
    "a renamed column": ("ethnicity_code: {column: X}", "ethnicity_code", "WBRI", ["WBRI"]),
    "a constant": ("sex: {value: not_recorded}", "sex", "anything", ["not_recorded"]),
    "a code of the mapping": ("sex: {column: X, codes: {F: female}}", "sex", " F ", ["female"]),
    "a code of a crosswalk": (
        "ethnicity_code: {column: X, crosswalk: cin-census, element: Ethnicity}",
        "ethnicity_code",
        "REFU",
        ["declined"],
    ),
    "a label": ("sex: {column: X, labels: Sex}", "sex", "FEMALE", ["female"]),
    "a local code that means missing": ("sex: {column: X, codes: {F: female}}", "sex", "Not known", ["asked_unknown"]),
    "a blank with a default": ("sex: {column: X, codes: {F: female}, blank: not_asked}", "sex", "", ["not_asked"]),
    "a blank without one": ("sex: {column: X, codes: {F: female}}", "sex", "", [None]),
    "a month of birth": ("birth_month: {column: X}", "birth_month", "31/01/2015", ["2015-01"]),
    "a month in a format of its own": (
        "birth_month: {column: X, date: '%Y%m%d'}",
        "birth_month",
        "20150131",
        ["2015-01"],
    ),
    "a day that is not known": ("birth_month: {column: X}", "birth_month", "Not known", ["asked_unknown"]),
    "a year of two digits": ("birth_month: {column: X}", "birth_month", "31/01/15", [None]),
    "a day that cannot be": ("birth_month: {column: X}", "birth_month", "31/02/2015", [None]),
}


@pytest.mark.parametrize("case", CELLS.values(), ids=CELLS)
def test_a_cell_is_filled_from(case: tuple[str, str, str, list[str | None]], place: Place) -> None:
    cells, name, cell, expected = case
    assert column(place.apply(cells, ["Child,X", f"1,{cell}"]), name) == expected


def test_a_crosswalk_may_be_a_file_beside_the_mapping_and_its_status_is_kept(place: Place) -> None:
    shipped = ROOT / "schema" / "crosswalks" / "cin-census.sssom.tsv"
    (place.folder / "ours.sssom.tsv").write_bytes(shipped.read_bytes())
    cells = "ethnicity_code: {column: X, crosswalk: ours.sssom.tsv, element: Ethnicity}"
    applied = place.apply(cells, ["Child,X", "1,WBRI", "2,REFU"])
    assert column(applied, "ethnicity_code") == ["WBRI", "declined"]
    lines = {
        line.code: str(line.status)
        for line in crosswalks.load().codes("Ethnicity", "Person", "ethnicity_code").values()
    }
    expected = [("ethnicity_code", "cases_x", code, lines[code]) for code in ("WBRI", "REFU")]
    assert provenance(applied) == expected


def test_what_no_cell_fills_is_what_the_mapping_says_and_blank_if_it_says_nothing(place: Place) -> None:
    place.write("cases", ["Child,X", "1,M"])
    two = (
        PERSON
        + "        sex: {value: male}\n    - from: people\n      cells: {person_id: {id: P, columns: [Ref], also: x}}\n"
    )
    silent = read(place.mapping(two), load())
    said = read(place.mapping(two, HEAD.replace("missing:", "unfilled: not_collected_by_source\nmissing:")), load())
    blank, filled = (apply(given, opened(given.inputs, [place.folder]), load(), KEY) for given in (silent, said))
    assert column(blank, "sex") == ["male", None]
    assert "disability" not in blank.tables["person"].collect_schema()
    assert column(filled, "sex") == ["male", "not_collected_by_source"]
    assert column(filled, "disability") == ["not_collected_by_source"] * 2


def circumstances(place: Place, cells: str, lines: Sequence[str]) -> Applied:
    """``family_circumstances`` of the cases, with these cells."""
    place.write("cases", lines)
    block = "\n  family_circumstances:\n    - from: cases\n      cells:\n"
    key = "        assessment_id: {id: A, columns: [Child]}\n"
    given = read(place.mapping(block + key + indent(dedent(cells), " " * 8)), load())
    return apply(given, opened(given.inputs, [place.folder]), load(), KEY)


def test_a_number_is_turned_round_as_its_unit_says(place: Place) -> None:
    cells = "deprivation_decile: {column: X, number: {unit: 10 the most deprived, times: -1, plus: 11}}"
    applied = circumstances(place, cells, ["Child,X", "1,10", "2,1", "3,ten", "4,Not known"])
    assert column(applied, "deprivation_decile", "family_circumstances") == ["1", "10", None, "asked_unknown"]
    assert [(group.code, list(group.rows)) for group in applied.groups] == [("RDAC423", [4])]


FLAGS = """
housing_issues:
  flags: {Crowded: overcrowded, Evicted: insecure_or_eviction_risk}
  yes: [Y, "1"]
  no: [N]
  none: none_identified
  blank: not_recorded
"""


def test_flags_become_a_list_and_all_no_is_not_the_same_as_blank(place: Place) -> None:
    lines = ["Child,Crowded,Evicted", "1,Y,1", "2,N,N", "3,,", "4,N,", "5,Not known,N", "6,Y,maybe"]
    applied = circumstances(place, FLAGS, lines)
    assert column(applied, "housing_issues", "family_circumstances") == [
        "overcrowded|insecure_or_eviction_risk",
        "none_identified",
        "not_recorded",
        None,  # one says no and one says nothing: that is not none
        "asked_unknown",
        "overcrowded",
    ]
    assert [(group.code, list(group.rows)) for group in applied.groups] == [("RDAC420", [7])]
    assert ("housing_issues", "cases_evicted", None, "not_derivable") in provenance(applied)


CONCERNS = "housing_issues: {column: X, split: ;, codes: {a: overcrowded, b: homeless}}"


def test_a_delimited_list_keeps_its_order_and_says_each_thing_once(place: Place) -> None:
    applied = circumstances(place, CONCERNS, ["Child,X", "1, b ;a;b", "2,;", "3,"])
    assert column(applied, "housing_issues", "family_circumstances") == ["homeless|overcrowded", None, None]
    assert applied.groups == ()


def test_an_unknown_code_of_a_list_is_told_and_traced_and_the_others_stay(place: Place) -> None:
    applied = circumstances(place, CONCERNS, ["Child,X", "1,a;zz", "2,yy", "3,b"])
    assert column(applied, "housing_issues", "family_circumstances") == ["overcrowded", None, "homeless"]
    assert [(group.code, list(group.rows)) for group in applied.groups] == [("RDAC420", [2, 3])]
    assert "2 codes" in applied.groups[0].message
    lost = [row for row in provenance(applied) if row[3] == "not_derivable"]
    assert lost == [("housing_issues", "cases_x", None, "not_derivable")] * 2


def test_nothing_is_written_for_an_unknown_code_and_no_message_holds_it(place: Place) -> None:
    applied = place.apply("sex: {column: X, codes: {M: male}}", ["Child,X", "1,M", "2,ZZZQ"])
    assert column(applied, "sex") == ["male", None]
    assert [(group.code, list(group.rows)) for group in applied.groups] == [("RDAC420", [3])]
    assert "ZZZQ" not in repr(applied.groups) + repr(applied.said)
    assert provenance(applied) == [("sex", "cases_x", "M", "exact"), ("sex", "cases_x", None, "not_derivable")]


def test_the_status_of_a_code_stands_in_provenance_with_the_versions(place: Place) -> None:
    applied = place.apply("sex: {column: X, codes: {M: {to: male, status: broad}}}", ["Child,X", "1,M"])
    assert provenance(applied) == [("sex", "cases_x", "M", "broad")]
    row = applied.tables["provenance"].collect().row(0, named=True)
    assert (row["crosswalk_version"], row["provenance_code_list_version"]) == ("1.2.3", "scot_cp_local_15")
    assert row["target_key"] == pseudonym("P", "1", KEY)


def test_ids_become_the_pseudonyms_that_convert_makes_and_never_stand_in_the_return(place: Place) -> None:
    applied = place.apply("sex: {value: male}", ["Child,X", "4711,M"])
    assert column(applied, "person_id") == [pseudonym("P", "4711", KEY)]
    assert "4711" not in repr([table.collect().to_dicts() for table in applied.tables.values()])


def test_two_people_of_one_row_become_two_rows_and_a_blank_one_none(place: Place) -> None:
    place.write("cases", ["Child,Partner", "1,9", "2,"])
    block = "    - from: cases\n      cells: {person_id: {id: P, columns: [Partner]}, person_kind: {value: adult}}\n"
    same = "    - from: cases\n      cells: {person_id: {id: P, columns: [Child], also: carer}}\n"
    given = read(place.mapping(PERSON + block + same), load())
    applied = apply(given, opened(given.inputs, [place.folder]), load(), KEY)
    assert len(set(column(applied, "person_id"))) == 5
    assert "person, block 2: 1 row left out without a key: a column that names it is blank" in applied.said


# joins


EPISODE = """
  episode:
    - from: cases
      join:
        - {input: people, on: {Child: Ref}}
      cells:
        episode_id: {id: E, columns: [Child]}
        closure_reason: {column: people.Reason, codes: {a: RC1}}
"""


def joined(place: Place, people: Sequence[str], tables: str = EPISODE) -> Applied:
    place.write("cases", ["Child,X", "1,a", "2,b", "3,c"])
    place.write("people", people)
    given = read(place.mapping(tables), load())
    return apply(given, opened(given.inputs, [place.folder]), load(), KEY)


def test_a_join_puts_columns_beside_and_tells_of_rows_on_both_sides_that_meet_nothing(place: Place) -> None:
    applied = joined(place, ["Ref,Reason", "2,a", "1,a", "9,a"])
    assert column(applied, "closure_reason", "episode") == ["RC1", "RC1", None]
    assert "episode: 1 row found no row of people: the cells from there are blank" in applied.said
    assert "episode: 1 row of people not used: no row asks for them" in applied.said


def test_a_doubled_key_in_a_join_stops_with_one_message_that_gives_its_lines(place: Place) -> None:
    with pytest.raises(ExportError, match=r"`people` of the export gives a key twice \(ref\), first at lines 2, 4"):
        joined(place, ["Ref,Reason", "1,a", "2,a", "1,a"])


GATHERED = """
  family_circumstances:
    - from: cases
      join:
        - {input: people, on: {Child: Ref}, gather: true}
      cells:
        assessment_id: {id: A, columns: [Child]}
        housing_issues: {column: people.Issue, codes: {a: overcrowded, b: homeless}}
"""


def test_rows_that_are_gathered_become_one_list(place: Place) -> None:
    applied = joined(place, ["Ref,Issue", "1,a", "2,b", "1,b", "1,a"], GATHERED)
    assert column(applied, "housing_issues", "family_circumstances") == ["overcrowded|homeless", "homeless", None]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (
            "columns: [Child]}",
            "columns: [people.Issue]}",
            "assessment_id holds one value, and this would give it a list",
        ),
        (
            "column: people.Issue, codes: {a: overcrowded, b: homeless}",
            "flags: {people.Issue: homeless}, yes: [a], no: [b]",
            "of which only codes come",
        ),
        (
            "gather: true}",
            "gather: true}\n        - {input: people, on: {people.Issue: Ref}}",
            "would be a gathered list",
        ),
    ],
)
def test_what_cannot_be_made_of_a_gathered_list_is_refused(place: Place, was: str, becomes: str, said: str) -> None:
    with pytest.raises(MappingError, match=said):
        joined(place, ["Ref,Issue", "1,a"], GATHERED.replace(was, becomes))


def test_a_gathered_list_may_hold_lists_that_are_cut(place: Place) -> None:
    tables = GATHERED.replace("column: people.Issue,", 'column: people.Issue, split: ";",')
    applied = joined(place, ["Ref,Issue", "1,a;b", "2,b; ;b", "1,a", "2,"], tables)
    assert column(applied, "housing_issues", "family_circumstances") == ["overcrowded|homeless", "homeless", None]


# what is left out is told


def test_a_doubled_key_of_the_return_is_one_finding_and_once_leaves_repeats_out(place: Place) -> None:
    lines = ["Child,X", "1,M", "2,M", "1,M"]
    applied = place.apply("sex: {column: X, codes: {M: male}}", lines)
    assert [(group.code, list(group.rows)) for group in applied.groups] == [("RDAC424", [4])]
    tables = PERSON.replace("from: cases", "from: cases\n      once: true")
    given = read(place.mapping(tables), load())
    once = apply(given, opened(given.inputs, [place.folder]), load(), KEY)
    assert once.groups == ()
    assert once.tables["person"].collect().height == 2
    assert "person: 1 row left out, whose key was there before (once: true)" in once.said


def test_once_leaves_nothing_out_where_no_column_names_the_key(place: Place) -> None:
    tables = PERSON.replace("from: cases", "from: cases\n      once: true").replace(
        "{id: P, columns: [Child]}", "{value: put_in_where_it_comes_from}"
    )
    place.write("cases", ["Child,X", "1,M", "2,F", "3,M"])
    given = read(place.mapping(tables), load())
    applied = apply(given, opened(given.inputs, [place.folder]), load(), KEY)
    assert [(group.code, list(group.rows)) for group in applied.groups] == [("RDAC424", [3, 4])]


def test_every_row_of_the_export_is_in_the_return_or_in_the_report(place: Place) -> None:
    tables = PERSON.replace("cells:", "where: {columns: [X], is: [M]}\n      cells:")
    place.write("cases", ["Child,X", "1,M", "2,F", ",M", "4,"])
    given = read(place.mapping(tables), load())
    applied = apply(given, opened(given.inputs, [place.folder]), load(), KEY)
    assert applied.tables["person"].collect().height == 1
    assert "person: 2 rows left out by its condition" in applied.said
    assert "person: 1 row left out without a key: a column that names it is blank" in applied.said


# the four faults of an export, each one clear message


def test_a_missing_column_is_one_message_with_who_needs_it(place: Place) -> None:
    with pytest.raises(
        ExportError, match=r"`cases` of the export has no column `gendr`, which person.sex needs; did you mean"
    ):
        place.apply("sex: {column: Gendr, codes: {M: male}}", ["Child,Gender", "1,M"])


@pytest.mark.parametrize("command", ["init", "check"])
@pytest.mark.parametrize("row", ["100001,09/04/2020,N,N,School", "100001,2020-04-09,Male,School,A200001"])
def test_a_row_in_the_place_of_a_header_is_told_as_one(command: str, row: str, place: Place) -> None:
    place.given("sex: {column: Gender, labels: Sex}", [row, row])
    arguments = [place.folder / "cases.csv", *([place.folder / "people.csv"] if command == "check" else [])]
    result = run(command, *([place.folder / "mapping.yaml"] if command == "check" else []), *arguments)
    said = " ".join(result.output.split())
    assert result.exit_code == 2
    assert "looks like a row and not like a header" in said or "must stand in the first line" in said
    assert "2020" not in said and "School" not in said


def test_a_doubled_name_in_a_header_is_told_as_one(place: Place) -> None:
    place.given("sex: {column: Gender, labels: Sex}", ["Child,Gender,Gender,IMD 2019", "1,M,M,4"])
    assert "has the name of a column before it" in run("init", place.folder / "cases.csv").output


def test_a_swapped_date_format_is_one_finding_that_says_so(place: Place) -> None:
    lines = ["Child,X", *(f"{n},0{n % 9 + 1}/{n}/2015" for n in range(10, 29))]
    (group,) = place.apply("birth_month: {column: X}", lines).groups
    assert group.code == "RDAC421"
    assert "16 of the 16 are days in %m/%d/%Y: are day and month swapped?" in group.message


def test_days_that_could_be_read_either_way_are_asked_about(place: Place) -> None:
    lines = ["Child,X", *(f"{n},0{n % 9 + 1}/03/2015" for n in range(30))]
    (group,) = place.apply("birth_month: {column: X}", lines).groups
    assert (group.code, str(group.severity)) == ("RDAC422", "query")
    assert place.apply("birth_month: {column: X}", [*lines, "31,31/03/2015"]).groups == ()
    iso = ["Child,X", *(f"{n},2015-03-0{n % 9 + 1}" for n in range(30))]
    assert place.apply("birth_month: {column: X, date: '%Y-%m-%d'}", iso).groups == ()


# the file itself


BAD = {
    "an unknown name": ("persn: []", "this must be names"),
    "an unknown column": ("sx: {value: male}", r"this is not a column of person; did you mean `sex`\?"),
    "an unknown value": ("sex: {value: m}", "may not stand in sex .rdac explain sex"),
    "a code that leads nowhere": ("sex: {column: X, codes: {M: mal}}", r"sex; did you mean `male`\? .rdac explain sex"),
    "two ways at once": (
        "sex: {column: X, flags: {Y: male}, yes: [a], no: [b]}",
        "a cell has one of value, id, column",
    ),
    "two vocabularies": ("sex: {column: X, codes: {M: male}, labels: Sex}", "codes and labels cannot both say"),
    "a list where one value stands": ("sex: {column: X, split: ;, labels: Sex}", "sex holds one value"),
    "an unknown crosswalk": (
        "sex: {column: X, crosswalk: no-such, element: A}",
        "there is no such crosswalk",
    ),
    "an element without codes": (
        "sex: {column: X, crosswalk: cin-census, element: Ethnicity}",
        "leads from no code of that element to Person/sex",
    ),
    "a setting that is not there": ("sex: {colum: X}", "does not belong here; did you mean `column`"),
    "a day without a year": (
        "birth_month: {column: X, date: '%d/%m'}",
        "has not the form that a mapping has here: How the days",
    ),
    "a name twice": ("sex: {value: male}\nsex: {value: female}", "this name stands here a second time"),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_a_mapping_file_is_refused_with_its_line_for(case: tuple[str, str], place: Place) -> None:
    cells, message = case
    with pytest.raises(MappingError, match=message) as caught:
        place.given(cells, ["Child,X", "1,M"])
    assert "the mapping file, line " in str(caught.value)


def test_a_line_is_the_line_of_the_fault(place: Place) -> None:
    with pytest.raises(MappingError, match="the mapping file, line 17: this is not a column of person"):
        place.given("disability: {value: yes}\nsx: {value: male}", ["Child,X", "1,M"])


def test_every_word_of_the_file_is_read_as_text(place: Place) -> None:
    applied = place.apply(
        "disability: {column: X, codes: {Yes: yes, 0: no, 01: no}}", ["Child,X", "1,Yes", "2,0", "3,01"]
    )
    assert column(applied, "disability") == ["yes", "no", "no"]


def test_an_input_that_two_files_could_be_is_refused(place: Place) -> None:
    place.write("cases_a", ["Child,X", "1,M"])
    place.write("cases_b", ["Child,X", "1,M"])
    given = read(place.mapping(PERSON, HEAD.replace("cases.csv", "cases_*.csv")), load())
    with pytest.raises(
        ExportError, match=r"the input `cases` of the mapping is cases_\*.csv, and the export has 2 tables"
    ):
        opened(given.inputs, [place.folder])


# check


def test_check_lists_columns_that_nothing_reads_and_hides_what_is_no_name(place: Place) -> None:
    said = place.check("sex: {value: male}", ["Child,Worker,Ann 2014-05-01", "1,M,x"]).said
    assert "cases: columns that nothing reads: column 2, column 3" in said


def test_check_counts_unknown_codes_and_shows_them_only_when_asked(place: Place) -> None:
    cells, lines = "sex: {column: X, codes: {M: male}}", ["Child,X", "1,Q", "2,Q", "3,W"]
    hidden, shown = place.check(cells, lines), place.check(cells, lines, values=True)
    assert hidden.codes == ()
    assert list(hidden.groups[0].rows) == [2, 3, 4]
    assert shown.codes == ("person.sex: `x` holds 'Q' in 2 rows", "person.sex: `x` holds 'W' in 1 row")


def test_check_counts_what_nothing_fills_by_tier(place: Place) -> None:
    said = place.check("sex: {value: male}", ["Child,X", "1,M"]).said
    tier = next(line for line in said if line.startswith("  T0: "))
    asked = [c for t in load().tables if not t.optional for c in t.columns if c.tier == "T0" and not c.derived]
    assert tier.startswith(f"  T0: {len(asked) - 2} of {len(asked)}: ")
    assert "person.disability" in tier
    assert "person.sex" not in tier


def test_values_are_shown_on_a_terminal_only(place: Place) -> None:
    place.given("sex: {value: male}", ["Child,X", "1,M"])
    result = run("check", place.folder / "mapping.yaml", place.folder, "--show-values")
    assert result.exit_code == 2
    assert "for the terminal" in result.output


# init


def test_a_draft_holds_no_rare_value_and_no_free_text(place: Place) -> None:
    rare = [f"{n},Male,secret note {n}" for n in range(30)]
    place.write("people", ["Person ID,Gender,Notes", *rare, "98,Zebedee,x", "99,Zebedee,x"])
    drafted = run("init", place.folder / "people.csv").output
    assert "Male: male" in drafted
    assert "Zebedee" not in drafted
    assert "secret" not in drafted
    assert "nothing in the standard looks like Notes" in drafted
    assert "not shown: 1 values" in drafted


def test_values_that_look_like_no_codes_stay_out_of_a_draft_however_frequent(place: Place) -> None:
    place.write("people", ["Person ID,Gender", *(f"{n},Zebedee" for n in range(30))])
    assert "Zebedee" not in run("init", place.folder / "people.csv").output


def test_a_header_that_is_no_name_stays_out_of_a_draft(place: Place) -> None:
    place.write("people", ["Person ID,Jane Roe 2014-05-01", "1,x"])
    drafted = run("init", place.folder / "people.csv").output
    assert "Jane" not in drafted
    assert "column 2" in drafted


@pytest.mark.parametrize(("family", "count"), [("wide", 8), ("long", 14), ("scotland", 9)])
def test_a_draft_of_each_family_is_yaml_that_finds_columns_and_fits_the_schema(family: str, count: int) -> None:
    drafted = run("init", EXAMPLES / family / "export").output
    tables = yaml.safe_load(drafted)["tables"]
    assert sum(len(block["cells"]) for blocks in tables.values() for block in blocks) >= count


@pytest.mark.parametrize("family", made_up.FAMILIES)
def test_a_draft_can_be_read_as_a_mapping_file(family: str, tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text(run("init", EXAMPLES / family / "export").output, encoding="utf-8")
    assert read(tmp_path / "draft.yaml", load()).tables


def test_a_draft_tells_codes_of_the_census_by_the_cells_that_hold_them() -> None:
    drafted = run("init", EXAMPLES / "long" / "export").output
    assert "crosswalk: cin-census # 1.0 of the cells hold its codes\n          element: Ethnicity" in drafted


def test_a_draft_finds_flags_lists_and_days_of_a_scottish_extract() -> None:
    drafted = run("init", EXAMPLES / "scotland" / "export" / "conferences_by_concern.csv").output
    assert "CSE: child_sexual_exploitation # 1.0" in drafted
    drafted = run("init", EXAMPLES / "scotland" / "export" / "conferences.csv").output
    assert "split: ;" in drafted
    assert "date: '%d/%m/%Y'" in drafted


def test_a_draft_is_not_written_over_a_file(place: Place) -> None:
    target = place.folder / "draft.yaml"
    assert run("init", EXAMPLES / "wide" / "export", "--output", target).exit_code == 0
    again = run("init", EXAMPLES / "wide" / "export", "--output", target)
    assert again.exit_code == 2
    assert "there is such a file already" in " ".join(again.output.split())


# apply, as it is typed


def test_strict_writes_nothing_where_a_code_is_unknown(place: Place) -> None:
    place.given("sex: {column: X, codes: {M: male}}", ["Child,X", "1,Q"])
    out = place.folder / "return"
    strict = run("apply", place.folder / "mapping.yaml", place.folder, out, "--strict")
    assert (strict.exit_code, out.exists()) == (1, False)
    assert "RDAC420" in strict.output
    loose = run("apply", place.folder / "mapping.yaml", place.folder, out)
    assert (loose.exit_code, out.exists()) == (1, True), "a script that goes on would not see the error"


def test_wrong_use_ends_with_2_and_one_message(place: Place) -> None:
    place.given("sex: {column: X, codes: {M: male}}", ["Child,Y", "1,Q"])
    result = run("apply", place.folder / "mapping.yaml", place.folder, place.folder / "return")
    assert result.exit_code == 2
    assert result.output.count("Error: ") == 1


def test_a_return_that_is_there_is_refused_before_a_row_is_mapped(place: Place) -> None:
    place.given("sex: {column: X, codes: {M: male}}", ["Child,X", "1,Q"])
    out = place.folder / "return"
    out.mkdir()
    result = run("apply", place.folder / "mapping.yaml", place.folder, out)
    assert result.exit_code == 2
    assert result.output.startswith(f"Error: {out} exists already: name another folder, or say --force")


def workbook(frame: pl.DataFrame, path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Cases")
        for number, row in enumerate([frame.columns, *frame.rows()]):
            sheet.write_row(number, 0, row)


FORMS: Mapping[str, Callable[[pl.DataFrame, Path], object]] = {
    "cases.csv": lambda frame, path: frame.write_csv(path, separator=";"),
    "cases.parquet": lambda frame, path: frame.with_columns(pl.col("Born").str.to_date("%d/%m/%Y")).write_parquet(path),
    "cases.xlsx": workbook,
}


@pytest.mark.parametrize("file", FORMS)
def test_an_export_is_csv_parquet_or_a_workbook(file: str, place: Place) -> None:
    (place.folder / "people.csv").unlink()
    FORMS[file](pl.DataFrame({"Child": [1, 2], "Born": ["31/01/2015", "01/02/2016"]}), place.folder / file)
    form = "%Y-%m-%d" if file.endswith("parquet") else "%d/%m/%Y"
    head = HEAD.replace("  people: {file: people.csv}\n", "").replace("%d/%m/%Y", form)
    where = "sheet: Cases" if file.endswith("xlsx") else f"file: {file}"
    path = place.mapping(PERSON + "        birth_month: {column: Born}\n", head.replace("file: cases.csv", where))
    given = read(path, load())
    applied = apply(given, opened(given.inputs, [place.folder]), load(), KEY)
    assert column(applied, "birth_month") == ["2015-01", "2016-02"]
    assert column(applied, "person_id") == [pseudonym("P", "1", KEY), pseudonym("P", "2", KEY)]


def test_an_export_is_never_replaced_by_its_return(place: Place) -> None:
    place.given("sex: {column: X, codes: {M: male}}", ["Child,X", "1,M"])
    result = run("apply", place.folder / "mapping.yaml", place.folder / "cases.csv", place.folder, "--force")
    assert result.exit_code == 2
    assert (place.folder / "cases.csv").is_file()


def test_a_workbook_has_a_table_a_sheet_and_one_that_is_damaged_is_told(place: Place) -> None:
    path = place.folder / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, row in (("The Cases", ["Child", 1]), ("People", ["Ref", 2]), ("Empty", [])):
            book.add_worksheet(name).write_column(0, 0, row)
    head = HEAD.replace("file: cases.csv", "sheet: The Cases").replace("file: people.csv", "sheet: People")
    given = read(place.mapping(PERSON, head), load())
    assert column(apply(given, opened(given.inputs, [path]), load(), KEY), "person_id") == [pseudonym("P", "1", KEY)]
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ExportError, match="a workbook of the export cannot be opened"):
        opened(given.inputs, [path])


def test_an_alias_is_refused_since_a_few_can_fill_the_memory(place: Place) -> None:
    with pytest.raises(MappingError, match="line 17: write out what the alias stands for"):
        place.given("sex: &a {value: male}\ndisability: *a", ["Child", "1"])


@given(st.lists(st.sampled_from(["M", "F", "x", "", "Not known", "y z"]), min_size=1, max_size=30))
def test_every_cell_is_a_value_a_blank_or_a_finding_and_every_value_is_traced(tmp: list[str]) -> None:
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        lines = ["Child,X", *(f"{number},{cell}" for number, cell in enumerate(tmp))]
        applied = place.apply("sex: {column: X, codes: {M: male, F: female}}", lines)
    said = {"M": "male", "F": "female", "Not known": "asked_unknown"}
    assert column(applied, "sex") == [said.get(cell) for cell in tmp]
    lost = {row for group in applied.groups for row in group.rows}
    assert lost == {row for row, cell in enumerate(tmp, start=2) if cell in {"x", "y z"}}
    traced = provenance(applied) if "provenance" in applied.tables else []
    sure = [code for _, _, code, status in traced if status == "exact"]
    assert sure == [cell.replace(" ", "_") for cell in tmp if cell in said]
    assert len(traced) - len(sure) == len(lost)


# place


AREA = """
  family_circumstances:
    - from: cases
      area: LSOA
      cells:
        assessment_id: {id: A, columns: [Child]}
        address_safety: {column: Safe, codes: {N: standard, Y: confidential}}
"""
DECILES = "LSOA code (2011),Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"


def test_an_area_becomes_a_decile_and_stands_nowhere_in_the_return_or_the_report(place: Place) -> None:
    (place.folder / "imd").mkdir()
    (place.folder / "imd" / "file_7.csv").write_text(f"{DECILES}\nE01000001,3\nE01000002,4\n", encoding="utf-8")
    place.write("cases", ["Child,LSOA,Safe", "1,E01000001,N", "2,E01000002,Y", "3,,N"])
    out = place.folder / "return"
    arguments = ("apply", place.mapping(AREA), place.folder / "cases.csv", place.folder / "people.csv", out)
    assert run(*arguments).exit_code == 2  # an area without the official file
    result = run(*arguments, "--deprivation", place.folder / "imd" / "file_7.csv")
    assert result.exit_code == 0, result.output
    held = pl.read_csv(out / "family_circumstances.csv", infer_schema=False)
    assert held["deprivation_decile"].to_list() == ["3", "withheld_for_safety", "not_recorded"]
    assert held["deprivation_index"].to_list()[0] == "imd_2019_lsoa11"
    written = "".join(path.read_text("utf-8") for path in out.iterdir())
    assert "E0100000" not in written + result.output
    assert "imd_2019_file_7_decile" in (out / "provenance.csv").read_text("utf-8")


# the families that are shipped


@pytest.mark.parametrize(("family", "file", "profile"), FAMILIES)
def test_a_family_gives_its_expected_return(family: str, file: str, profile: str, tmp_path: Path) -> None:
    folder, key = EXAMPLES / family, EXAMPLES / "example.key"
    result = run("apply", folder / file, folder / "export", tmp_path / "return", "--key-file", key, "--strict")
    assert result.exit_code == 0, result.output
    assert f"--profile\n  {profile}" in result.output or f"--profile {profile}" in result.output
    expected = folder / file.replace("mapping", "expected").removesuffix(".yaml")
    names = sorted(path.name for path in expected.iterdir())
    assert sorted(path.name for path in (tmp_path / "return").glob("*.csv")) == names
    for name in names:
        assert (tmp_path / "return" / name).read_bytes() == (expected / name).read_bytes(), name


@pytest.mark.parametrize(("family", "file", "profile"), FAMILIES)
def test_an_expected_return_has_no_error_at_its_stated_profile(family: str, file: str, profile: str) -> None:
    from rdac_validator.cli import main

    folder = EXAMPLES / family / file.replace("mapping", "expected").removesuffix(".yaml")
    result = CliRunner().invoke(main, ["validate", str(folder), "--profile", profile])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("family", made_up.FAMILIES)
def test_the_exports_are_what_their_script_writes(family: str, tmp_path: Path) -> None:
    made_up.write(family, made_up.CHILDREN[family], tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert (EXAMPLES / family / "export" / path.name).read_bytes() == path.read_bytes()


# Scotland


def scottish(name: str) -> dict[str, pl.DataFrame]:
    folder = EXAMPLES / "scotland" / name
    return {path.stem: pl.read_csv(path, infer_schema=False) for path in sorted(folder.glob("*.csv"))}


def test_both_scottish_shapes_say_the_same() -> None:
    listed, flagged = scottish("expected"), scottish("expected-by-concern")
    assert sorted(listed) == sorted(flagged)
    for name in set(listed) - {"provenance"}:
        assert listed[name].equals(flagged[name]), name


def test_what_a_scottish_list_calls_the_family_is_attached_to_nobody() -> None:
    held = scottish("expected")
    assert held["assessment"]["source_codes"].str.contains("non_engaging_family").any()
    for name, table in held.items():
        text = table.drop("source_codes", "source_code", strict=False).select(pl.all().str.contains("engag").any())
        assert not any(text.row(0)), name


def test_the_scottish_concern_opens_a_direction_without_persons_and_never_a_factor() -> None:
    held = scottish("expected")
    directions, assessments = held["harm_direction"], held["assessment"]
    with_concern = assessments.filter(pl.col("source_codes").str.split("|").list.contains("domestic_abuse"))
    assert set(directions["assessment_id"]) == set(with_concern["assessment_id"])
    assert (
        set(directions["person_causing_id"]) == set(directions["person_experiencing_id"]) == {"not_collected_by_source"}
    )
    codes = {code for codes in assessments["source_codes"] for code in codes.split("|")}
    assert codes <= {*load().lists["ScottishConcern"].codes, "not_recorded"}


def test_an_empty_scottish_decision_is_not_recorded() -> None:
    export = pl.read_csv(EXAMPLES / "scotland" / "export" / "conferences.csv", infer_schema=False)
    blank = export["Decision"].is_null() | (export["Decision"] == "")
    assert blank.any()
    assert set(scottish("expected")["assessment"].filter(blank)["decision_raw"]) == {"not_recorded"}


LABELS = {
    "Domestic Abuse": "domestic_abuse",
    "DOMESTIC-ABUSE": "domestic_abuse",
    "Other Concern(s)": "other_concerns",
    "Other concern": "other_concerns",
    "CSE": "child_sexual_exploitation",
    "Placing self at risk": "children_placing_themselves_at_risk",
    "Parent mental health": "parental_mental_health_problems",
}
ASSESSMENT = """
  assessment:
    - from: cases
      cells:
        assessment_id: {id: A, columns: [Child]}
        source_codes: {column: X, split: ;, labels: ScottishConcern}
"""


def concerns(place: Place, lines: Sequence[str]) -> Applied:
    place.write("cases", lines)
    given = read(place.mapping(ASSESSMENT), load())
    return apply(given, opened(given.inputs, [place.folder]), load(), KEY)


@pytest.mark.parametrize(("label", "code"), LABELS.items())
def test_a_label_and_its_variants_are_read(label: str, code: str, place: Place) -> None:
    assert column(concerns(place, ["Child,X", f"1,{label}"]), "source_codes", "assessment") == [code]


def test_a_label_that_matches_nothing_is_a_finding_with_a_suggestion(place: Place) -> None:
    applied = concerns(place, ["Child,X", "1,Forced Labour;Neglect", "2,Child Traficking"])
    assert column(applied, "source_codes", "assessment") == ["neglect", None]
    said = {next(iter(group.rows)): group.message for group in applied.groups}
    assert "did you mean" not in said[2]
    assert "did you mean `child_trafficking`?" in said[3]


def test_a_status_among_the_concerns_is_told_as_one(place: Place) -> None:
    applied = concerns(place, ["Child,X", "1,Temporary Registration Category"])
    told = "assessment: temporary_registration_category in 1 row is a status and not a concern; kept as coded"
    assert told in applied.said


@pytest.mark.parametrize("info", LOOKED_FOR, ids=lambda info: info.code)
def test_every_finding_of_a_mapping_can_be_explained(info: object) -> None:
    from rdac_validator.explanations import explain

    assert explain(info.code, load())  # type: ignore[attr-defined]
