"""Place without location: deciles come from the official file or not at all, and area codes go nowhere."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from rdac_validator import place
from rdac_validator.place import Outcome, PlaceError, deciles, layouts, read
from rdac_validator.place.layouts import Layout
from rdac_validator.place.lookup import AREA, TENTH, Lookup
from rdac_validator.standard import load

IMD_2019 = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
GEO = Path(__file__).parent.parent.parent / "shared" / "facts" / "geo"
needs_geo = pytest.mark.skipif(not GEO.is_dir(), reason="the official deprivation files are not beside the project")
KEPT, DROPPED, NEW = "E01000001", "E01000002", "E01033769"
ZONE, ZONE_2022, ZONE_2001, WELSH = "S01006506", "S01013482", "S01000001", "W01000001"


def csv(path: Path, header: Sequence[str], *rows: Sequence[str], mark: str = "") -> Path:
    lines = [",".join(f'"{cell}"' for cell in row) for row in (header, *rows)]
    path.write_text(mark + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def workbook(path: Path, sheet: str, header: Sequence[str], *rows: Sequence[str | int]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write(0, 0, "About this workbook")
        page = book.add_worksheet(sheet)
        for number, row in enumerate((header, *rows)):
            page.write_row(number, 0, row)
    return path


def layout(name: str) -> Layout:
    return next(item for item in layouts().layouts if item.name == name)


def lookup(file: str = "imd_2019_file_7", **tenths: int) -> Lookup:
    return looked_up(tenths, file)


def looked_up(tenths: Mapping[str, int], file: str = "imd_2019_file_7") -> Lookup:
    rows = {AREA: list(tenths), TENTH: [str(tenth) for tenth in tenths.values()]}
    return Lookup(layout(file), pl.DataFrame(rows, schema={AREA: pl.String, TENTH: pl.String}))


def placed(found: Lookup, *codes: str | None, **columns: Sequence[str | None]) -> place.Placed:
    rows = pl.DataFrame({"code": codes, **columns}, schema={"code": pl.String, **dict.fromkeys(columns, pl.String)})
    return deciles(rows, "code", found, load())


def cells(found: Lookup, *codes: str | None, **columns: Sequence[str | None]) -> list[tuple[str, str]]:
    return placed(found, *codes, **columns).rows.select(place.DECILE, place.INDEX).rows()


# reading


@pytest.mark.parametrize(
    ("area", "decile", "codes", "name"),
    [
        ("LSOA code (2011)", IMD_2019, (KEPT, DROPPED), "imd_2019_file_7"),
        ("LSOA code (2021)", IMD_2019, (KEPT, NEW), "iod_2025_file_7"),
        ("lsoa", "original_decile", (KEPT, DROPPED), "mysociety_imd_2019"),
        ("DZ", "SIMD2020v2_Decile", (ZONE, "S01006507"), "simd_2020v2_lookup"),
    ],
)
def test_a_csv_file_is_told_by_its_columns(
    tmp_path: Path, area: str, decile: str, codes: tuple[str, str], name: str
) -> None:
    path = csv(tmp_path / "file.csv", ("Other", area, "Score", decile), *(("x", code, "1.5", "7") for code in codes))
    found = read(path)
    assert (found.layout.name, found.status, found.computed) == (name, "exact", False)
    assert found.frame.rows() == [(code, "7") for code in codes]


@pytest.mark.parametrize("decile", layout("iod_2025_file_1").decile)
def test_the_workbook_of_2025_is_read_although_its_header_is_cut_off(tmp_path: Path, decile: str) -> None:
    path = workbook(
        tmp_path / "file_1.xlsx", "IMD25", ("LSOA code (2021)", "Rank", decile), (NEW, 12, 1), (KEPT, 9, 10)
    )
    found = read(path)
    assert (found.index.code, found.frame.rows()) == ("imd_2025_lsoa21", [(NEW, "1"), (KEPT, "10")])


def test_the_sheet_of_the_scottish_look_up_is_found(tmp_path: Path) -> None:
    header = ("DZ", "DZname", "SIMD2020v2_Rank", "SIMD2020v2_Decile", "SIMD2020v2_Quintile")
    path = workbook(tmp_path / "lookup.xlsx", "SIMD 2020v2 DZ lookup data", header, (ZONE, "A place", 4691, 7, 4))
    found = read(path)
    assert (found.layout.name, found.frame.rows()) == ("simd_2020v2_lookup", [(ZONE, "7")])


def test_a_published_decile_is_used_where_a_rank_stands_beside_it(tmp_path: Path) -> None:
    header = ("Data_Zone", "SIMD2020v2_Rank", "SIMD2020v2_Decile")
    found = read(csv(tmp_path / "zones.csv", header, (ZONE, "1", "9"), mark="\ufeff"))
    assert (found.layout.name, found.frame.rows()) == ("simd_2020v2_indicators", [(ZONE, "9")])


def zones(count: int) -> list[tuple[str, str]]:
    return [(f"S0{1006505 + rank}", str(rank)) for rank in range(1, count + 1)]


def test_ranks_alone_give_a_decile_that_is_marked_as_computed(tmp_path: Path) -> None:
    whole = layout("simd_2020v2_ranks").index.areas
    found = read(csv(tmp_path / "ranks.csv", ("Data_Zone", "SIMD2020v2_Rank"), *zones(whole), mark="\ufeff"))
    assert (found.status, found.source_field) == ("ambiguous", "simd_2020v2_ranks_rank_computed")
    tenths = found.frame[TENTH].to_list()
    ranks = {1: "1", 697: "1", 698: "2", 3488: "5", 3489: "6", 6278: "9", 6279: "10", 6976: "10"}
    assert {rank: tenths[rank - 1] for rank in ranks} == ranks
    assert "worked out" in " ".join(found.notes)


@pytest.mark.parametrize("rows", [zones(100), [*zones(6975), ("S01013481", "6975")]])
def test_ranks_of_a_part_of_the_nation_are_refused(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    with pytest.raises(PlaceError, match="not each rank from 1 to 6,976 once"):
        read(csv(tmp_path / "ranks.csv", ("Data_Zone", "SIMD2020v2_Rank"), *rows))


@pytest.mark.parametrize(
    ("header", "rows", "message"),
    [
        (("DataZone", "SIMD2020V2CountryDecile"), [(ZONE, "3")], "weighted by population"),
        (("postcode", "decile"), [("AB1 2CD", "3")], "columns of none of the files"),
        (("LSOA code (2011)", IMD_2019), [(NEW, "3"), (KEPT, "2")], "1 of its 2 rows are not of LSOAs of 2011"),
        (("LSOA code (2021)", IMD_2019), [(WELSH, "3")], "1 of its 1 rows are not of LSOAs of 2021"),
        (("DZ", "SIMD2020v2_Decile"), [(ZONE_2022, "3")], "not of data zones of 2011"),
        (("LSOA code (2011)", IMD_2019), [(KEPT, "3"), (KEPT, "3")], "1 areas more than once"),
        (("LSOA code (2011)", IMD_2019), [(KEPT, "11"), (DROPPED, "0")], "2 of its 2 rows"),
        (("LSOA code (2011)", IMD_2019), [(KEPT, "")], "1 of its 1 rows"),
        (("LSOA code (2011)", IMD_2019), [], "0 of its 0 rows"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_in_one_sentence(
    tmp_path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], message: str
) -> None:
    with pytest.raises(PlaceError, match=message) as refusal:
        read(csv(tmp_path / "file.csv", header, *rows))
    assert not [cell for row in rows for cell in row if len(cell) > 2 and cell in str(refusal.value)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("file.csv", b"lsoa,original_decile\nE01000001,1,secret\n", "not a CSV file"),
        ("file.csv", b"", "not a CSV file"),
        ("file.csv", b"lsoa\0\0\0,original_decile\n", "is not text"),
        ("file.xlsx", b"not a workbook", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_not_quoted(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PlaceError, match=message) as refusal:
        read(tmp_path / name)
    assert "secret" not in str(refusal.value)


def test_a_part_of_an_index_is_used_and_its_size_told(tmp_path: Path) -> None:
    found = read(csv(tmp_path / "file.csv", ("LSOA code (2011)", IMD_2019), (KEPT, "4")))
    assert "holds 1 of the 32,844 areas" in found.notes[0]


# joining


def test_a_code_in_the_file_gets_its_decile_in_any_spelling() -> None:
    found = lookup(E01000001=4)
    assert cells(found, KEPT, f" {KEPT.lower()} ") == [("4", "imd_2019_lsoa11")] * 2


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_no_area_code_is_not_recorded(blank: str | None) -> None:
    assert cells(lookup(E01000001=4), blank) == [("not_recorded", "not_recorded")]


@pytest.mark.parametrize("reason", load().missing_reasons)
def test_a_missing_reason_in_place_of_a_code_is_kept(reason: str) -> None:
    assert cells(lookup(E01000001=4), reason) == [(reason, reason)]


@pytest.mark.parametrize("safety", ["confidential", "refuge_or_safe_accommodation", "withheld_for_safety", "Refuge"])
@pytest.mark.parametrize("code", [KEPT, NEW, None, "declined", "somewhere"])
def test_an_address_that_is_kept_from_someone_is_withheld_whatever_the_area(safety: str, code: str | None) -> None:
    done = cells(lookup(E01000001=4), code, KEPT, address_safety=[safety, "standard"], housing_issues=["homeless", ""])
    assert done == [("withheld_for_safety",) * 2, ("4", "imd_2019_lsoa11")]


def test_an_address_whose_safety_nobody_asked_about_may_have_a_decile() -> None:
    safety = ["standard", "not_asked", "not_collected_by_source", "", None]
    assert cells(lookup(E01000001=4), *[KEPT] * 5, address_safety=safety) == [("4", "imd_2019_lsoa11")] * 5


def test_a_homeless_family_stays_a_group_of_its_own_and_gets_no_decile() -> None:
    issues = ["overcrowded|homeless", "temporary_accommodation", "not_asked"]
    done = placed(lookup(E01000001=4), KEPT, KEPT, KEPT, housing_issues=issues)
    assert done.rows[place.DECILE].to_list() == ["not_applicable", "4", "4"]
    assert done.rows["housing_issues"].to_list() == issues


def test_imd_2019_is_never_joined_to_areas_of_2021_and_the_message_counts_them() -> None:
    done = placed(lookup(E01000001=4), KEPT, NEW, "E01035000", ZONE, "E01000003", "N1 1AA")
    assert done.rows[place.DECILE].to_list() == ["4", *["not_recorded"] * 5]
    said = "\n".join(done.said("children"))
    assert "1 of 6 children have a decile of IMD 2019" in said
    assert "2 of LSOAs that exist only since 2021, 1 of data zones of 2011" in said
    assert "1 not_recorded: the area code is not in the deprivation file" in said
    assert "1 not_recorded: what stands in place of an area code is none" in said


def test_imd_2025_is_never_joined_to_areas_that_were_dropped() -> None:
    done = placed(lookup("iod_2025_file_7", E01000001=4, E01033769=2), KEPT, NEW, DROPPED)
    assert done.rows.rows() == [("4", "imd_2025_lsoa21"), ("2", "imd_2025_lsoa21"), ("not_recorded", "not_recorded")]
    assert "an LSOA of 2011 that was dropped in 2021" in "\n".join(done.said())


@pytest.mark.parametrize(
    ("file", "code", "kind"),
    [
        ("imd_2019_file_7", NEW, "LSOAs that exist only since 2021"),
        ("imd_2019_file_7", ZONE, "data zones of 2011"),
        ("iod_2025_file_7", WELSH, "LSOAs of Wales"),
        ("simd_2020v2_ranks", KEPT, "LSOAs of 2011"),
        ("simd_2020v2_ranks", ZONE_2022, "data zones of 2022"),
        ("simd_2020v2_ranks", ZONE_2001, "data zones of 2001"),
        ("simd_2020v2_ranks", "AB1 2CD", "no code of a small area"),
    ],
)
def test_codes_that_are_all_of_other_areas_mean_that_the_wrong_file_was_given(file: str, code: str, kind: str) -> None:
    with pytest.raises(PlaceError, match=f"none of the 2 area codes.*2 (of|that are) {kind}") as refusal:
        placed(lookup(file), code, code, None)
    assert code not in str(refusal.value)


def test_a_right_code_that_is_withheld_shows_that_the_file_is_the_right_one() -> None:
    done = cells(lookup(E01000001=4), KEPT, NEW, address_safety=["confidential", "standard"])
    assert done == [("withheld_for_safety",) * 2, ("not_recorded",) * 2]


@pytest.mark.parametrize("code", ["E0100001", "E010000011", "E01000001A", "E01OOOOO1", "X01000001"])
def test_what_only_looks_like_a_code_is_none(code: str) -> None:
    done = placed(lookup(E01000001=4), KEPT, code)
    assert (done.counts[Outcome.FOUND], done.counts[Outcome.NO_CODE]) == (1, 1)


def test_rows_keep_their_order_their_columns_and_nothing_of_the_area() -> None:
    done = placed(lookup(E01000001=4), None, KEPT, NEW, key=["a", "b", "c"], deprivation_decile=["9", "9", "9"])
    assert done.rows.columns == ["key", place.DECILE, place.INDEX]
    assert done.rows["key"].to_list() == ["a", "b", "c"]


def test_no_rows_give_no_rows() -> None:
    assert placed(lookup(E01000001=4)).rows.height == 0


TEXT = st.text(string.ascii_letters + string.digits + " |_", max_size=12)
CODES = st.one_of(
    st.sampled_from([KEPT, DROPPED, NEW, ZONE, ZONE_2022, WELSH, "E01000001 ", "e01000002"]),
    st.from_regex(r"\A[EWS]01[0-9]{6}\Z"),
    st.sampled_from(load().missing_reasons),
    TEXT,
    st.none(),
)
SAFETY = st.one_of(st.sampled_from(["standard", "confidential", "not_asked"]), st.none(), TEXT)
HOUSING = st.one_of(st.sampled_from(["homeless", "overcrowded|homeless", "overcrowded", "not_asked"]), st.none())
TABLES = st.dictionaries(st.sampled_from([KEPT, DROPPED, "E01000003"]), st.integers(1, 10), min_size=1)


@given(st.lists(st.tuples(CODES, SAFETY, HOUSING), max_size=12), TABLES)
def test_whatever_comes_in_a_decile_is_the_lookups_and_no_code_comes_out(
    rows: list[tuple[str | None, str | None, str | None]], table: dict[str, int]
) -> None:
    codes, safety, housing = zip(*[(KEPT, "standard", None), *rows], strict=True)  # one right code: no wrong file
    found = looked_up(table)
    done = placed(found, *codes, address_safety=safety, housing_issues=housing)
    assert sum(done.counts.values()) == len(codes) == done.rows.height
    said = "\n".join(done.said())
    for code, safe, homes, (tenth, index) in zip(
        codes, safety, housing, done.rows.select(place.DECILE, place.INDEX).iter_rows(), strict=True
    ):
        plain = (code or "").strip().upper()
        if tenth in load().missing_reasons:
            assert index == tenth
        else:
            assert (tenth, index) == (str(table[plain]), "imd_2019_lsoa11")
            assert safe in (None, "", "standard", *load().missing_reasons)
            assert "homeless" not in (homes or "")
        assert not (len(plain) == 9 and plain[1:].isdigit() and plain in said)
    assert done.counts[Outcome.FOUND] == sum(tenth.isdigit() for tenth in done.rows[place.DECILE])


# what is declared


def test_every_index_is_one_of_the_standard_and_every_kind_of_area_is_apart_from_the_others() -> None:
    declared = layouts()
    assert {index.code for index in declared.indices} <= set(load().lists["DeprivationIndex"].codes)
    ranges = sorted((kind.first, kind.last) for kind in declared.geographies)
    assert all(first <= last for first, last in ranges)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))
    assert all(bool(item.decile) != bool(item.rank) for item in declared.layouts)


# the official files


@needs_geo
def test_imd_2019_in_mysocietys_copy_is_read_whole() -> None:
    found = read(GEO / "imd2019_lsoa_decile.csv")
    assert (found.layout.name, found.frame.height, found.notes) == ("mysociety_imd_2019", 32844, ())
    assert cells(found, "E01021988", "E01033768") == [("1", "imd_2019_lsoa11")] * 2


@needs_geo
def test_the_scottish_ranks_are_read_past_their_byte_order_mark_and_cut_into_ten_equal_parts() -> None:
    found = read(GEO / "simd2020v2_ranks.csv")
    assert (found.index.code, found.frame.height, found.computed) == ("simd_2020v2_dz11", 6976, True)
    sizes = found.frame[TENTH].value_counts()["count"]
    assert (sizes.len(), sizes.min(), sizes.max()) == (10, 697, 698)
    assert cells(found, "S01006506") == [("7", "simd_2020v2_dz11")]  # rank 4,691 of 6,976
