"""The report of very few children tells of none of them, and no cell of a report begins a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest
import python_calamine
from click.testing import CliRunner
from lxml import html as lxml_html
from pyscipopt import Model, Variable, quicksum

from rdac_validator import cli, formats, synth
from rdac_validator.standard import load

STANDARD = load()
SCOTLAND = Path(__file__).parent.parent / "examples" / "valid" / "scotland-small"
STARTS = ("=", "+", "-", "@", "\t", "\r")
PAIRS = 25
MOST = 40  # more of one kind than any table of two children can need
At = tuple[str | None, ...]
Sense = Literal["minimize", "maximize"]
SENSES: tuple[Sense, ...] = ("maximize", "minimize")


def rdac(*arguments: object) -> None:
    done = CliRunner().invoke(cli.main, list(map(str, arguments)))
    assert done.exit_code == 0, done.output


# --- what begins a formula --------------------------------------------------------------------------------------------


def armed(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Every free cell, keys among them, and every other coded cell as well, with the start of a formula before it."""
    starts, made = cycle(STARTS), {}
    for name, frame in tables.items():
        free = [c.name for c in STANDARD.table(name).columns if c.type == "string" or name == "dataset"]
        spared = {"period_start", "period_end", "suppression_threshold", "zero_policy"}
        cells = [
            pl.lit("=" if column.endswith(("_id", "_ids")) else next(starts)).add(pl.col(column)).alias(column)
            for column in frame.columns
            if column in free and column not in spared
        ]
        made[name] = frame.with_columns(cells)
    return made


def cells(folder: Path) -> Iterator[tuple[str, object]]:
    """Every cell of every CSV file and sheet of a report, with where it stands."""
    for path in sorted(folder.rglob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text("utf-8"), newline="")):
            yield from ((path.name, cell) for cell in row)
    book = python_calamine.CalamineWorkbook.from_path(str(folder / "report.xlsx"))
    for name in book.sheet_names:
        yield from ((name, cell) for row in book.get_sheet_by_name(name).to_python() for cell in row)


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None


def test_no_cell_of_a_report_begins_a_formula(tmp_path: Path) -> None:
    formats.write(armed(synth.make(40, 1, STANDARD)), tmp_path / "return", "csv", STANDARD)
    text = (tmp_path / "return" / "assessment.csv").read_text("utf-8")
    head, *lines = text.splitlines()
    (tmp_path / "return" / "assessment.csv").write_text("\n".join([f"=cmd|x,{head}", *(f"=1+1,{x}" for x in lines)]))
    rdac("report", tmp_path / "return", "--out", tmp_path / "out")
    found = list(cells(tmp_path / "out"))
    texts = [(place, cell) for place, cell in found if isinstance(cell, str) and not is_number(cell)]
    assert len(texts) > 1_000 and [one for one in texts if str(one[1]).startswith(STARTS)] == []
    with zipfile.ZipFile(tmp_path / "out" / "report.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/" in name]
    assert sheets and not [sheet for sheet in sheets if re.search(rb"<f[ />]", sheet)]


# --- two children -----------------------------------------------------------------------------------------------------


def of_scotland(place: Path) -> Path:
    """Two children of the Scottish example, with whatever belongs to them."""
    tables = {path.stem: pl.read_csv(path, infer_schema=False) for path in SCOTLAND.glob("*.csv")}
    kept = {"child_id": tables["episode"]["child_id"].unique(maintain_order=True).head(2)}
    for name, key in (("episode", "episode_id"), ("assessment", "assessment_id")):
        for column, ids in kept.items():
            if column in tables[name].columns:
                tables[name] = tables[name].filter(pl.col(column).is_in(ids.implode()))
        kept[key] = tables[name][key]
    for name in set(tables) - {"dataset", "person", "episode", "assessment"}:
        for column, ids in kept.items():
            if column in tables[name].columns:
                tables[name] = tables[name].filter(pl.col(column).is_in(ids.implode()))
    people = [
        frame[c] for name, frame in tables.items() if name != "person" for c in frame.columns if c.endswith("_id")
    ]
    tables["person"] = tables["person"].filter(pl.col("person_id").is_in(pl.concat(people).implode()))
    place.mkdir()
    for name, frame in tables.items():
        frame.write_csv(place / f"{name}.csv")
    return place


@pytest.fixture(scope="module", params=["england", "scotland", "census"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a return of two children."""
    place = tmp_path_factory.mktemp(request.param)
    source = place / "source"
    if request.param == "scotland":
        of_scotland(source)
    else:
        form = "csv" if request.param == "england" else "cin-xml"
        rdac("synth", source, "--children", 2, "--format", form)
    rdac("report", source / "census.xml" if request.param == "census" else source, "--out", place / "out")
    return place / "out"


def counts(folder: Path) -> Iterator[float | str]:
    """Every count and base that stands in any form, or the mark in its place."""
    tree = lxml_html.fromstring((folder / "report.html").read_bytes())
    said = [(cell.text or "").split()[0] for cell in tree.iter("td") if cell.get("class") == "number" and cell.text]
    document = json.loads((folder / "report.json").read_text("utf-8"))
    said += [figure["count"] for table in document["tables"] for figure in table["figures"]]
    said += [one[name] for one in document["findings"] for name in ("count", "of")]
    said += [table["notes"]["Base"].rpartition(": ")[2] for table in document["tables"]]
    for path in (folder / "tables").iterdir():
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8")))
        said += [row[name] for row in rows for name in ("count", "of")]
    book = python_calamine.CalamineWorkbook.from_path(str(folder / "report.xlsx"))
    for sheet, columns in (("Figures", (2, 4)), ("Findings", (2, 3))):
        said += [row[column] for row in book.get_sheet_by_name(sheet).to_python()[1:] for column in columns]
    yield from (float(text) if is_number(text) else text for text in (str(one).replace(",", "") for one in said))


def test_no_form_of_a_report_on_two_children_holds_a_small_count(two: Path) -> None:
    found = set(counts(two))
    assert "c" in found and found & {1, 2, 3, 4} == set()


def models(table: dict[str, Any]) -> Iterator[tuple[Model, dict[At, Any]]]:
    """What a reader knows of one table: people of every kind, and the sums that its cells are, as far as printed.

    An axis that allows several answers is taken answer by answer, with those who gave it and those who did not.
    """
    axes = table["axes"]
    several = [place for place, axis in enumerate(axes) if not axis["sums_to_base"]]
    answers = list(product(*(axes[place]["categories"] for place in several)))
    # of the hundreds of pairs of factors some dozen
    for answer in answers[:: max(1, len(answers) // PAIRS)]:
        given = dict(zip(several, answer, strict=True))
        kinds = [(given.get(p) and (given[p], "")) or axis["categories"] for p, axis in enumerate(axes)]
        model = Model()
        model.hideOutput()
        model.setParam("misc/usesymmetry", 0)
        people: dict[At, Variable] = {kind: model.addVar(vtype="I", lb=0, ub=MOST) for kind in product(*kinds)}
        sums = {}
        for figure in table["figures"]:
            at = tuple(figure["at"])
            if all(at[place] in {None, answer} for place, answer in given.items()):
                members = [_members(axes[place], level) for place, level in enumerate(at)]
                holds = [all(m is None or k in m for k, m in zip(kind, members, strict=True)) for kind in people]
                sums[at] = quicksum(var for var, held in zip(people.values(), holds, strict=True) if held)
                if figure["count"] != "c":
                    model.addCons(sums[at] == figure["count"])
        hidden = {tuple(f["at"]) for f in table["figures"] if f["count"] == "c"}
        yield model, {at: told for at, told in sums.items() if at in hidden}


def _members(axis: dict[str, Any], level: str | None) -> set[str] | None:
    return None if level is None else set(axis["groups"].get(level, [level]))


def test_no_count_of_two_children_can_be_worked_out_within_its_table(two: Path) -> None:
    document = json.loads((two / "report.json").read_text("utf-8"))
    threshold, tried = document["policy"]["threshold"], 0
    for table in document["tables"]:
        for model, hidden in models(table):
            highest, lowest = dict.fromkeys(hidden, 0), dict.fromkeys(hidden, MOST)
            # first all at once; then each that has not come to the end of its interval
            for sense in SENSES:
                for aim in (None, *hidden):
                    done = aim is not None and (highest[aim] >= threshold if sense == "maximize" else lowest[aim] <= 1)
                    if hidden and not done:
                        _look(model, hidden, aim, sense, highest, lowest)
            tried += len(hidden)
            assert min(highest.values(), default=threshold) >= threshold, table["name"]
            assert all(highest[at] - lowest[at] >= threshold - 1 for at in hidden), table["name"]
    assert tried > 100


def _look(
    model: Model, hidden: dict[At, Any], aim: At | None, sense: Sense, highest: dict[At, int], lowest: dict[At, int]
) -> None:
    """Look for people who agree with the table, with as many or as few in a cell, or in all, as there can be."""
    model.setObjective(quicksum(hidden.values()) if aim is None else hidden[aim], sense)
    model.optimize()
    assert model.getStatus() == "optimal"
    for at, told in hidden.items():
        count = round(model.getVal(told))
        highest[at], lowest[at] = max(highest[at], count), min(lowest[at], count)
    model.freeTransform()
