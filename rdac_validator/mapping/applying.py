"""A mapping applied to an export: the tables of a return, its provenance, and what became of every row."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import polars as pl

from rdac_validator.findings import Group
from rdac_validator.formats.names import hint
from rdac_validator.mapping.cells import Block, Join, met
from rdac_validator.mapping.document import Mapping
from rdac_validator.mapping.exports import HEADLESS, Export, ExportError, headless, speakable
from rdac_validator.mapping.faults import KeyAgain
from rdac_validator.mapping.findings import found_in
from rdac_validator.mapping.tracing import PROVENANCE, traces
from rdac_validator.place import DECILE, INDEX, Lookup, deciles
from rdac_validator.reports.text import plural
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.tables import DELIMITER, ROW

KEY = "_key"


@dataclass(frozen=True, slots=True)
class Applied:
    """The tables of the return; the findings; and the mapping report, in sentences that hold no cell value.

    Provenance, the longest of the tables by far, is put together while it is written.
    """

    tables: Dictionary[str, pl.LazyFrame]
    groups: tuple[Group, ...]
    said: tuple[str, ...]


def needed(mapping: Mapping, exports: Dictionary[str, Export]) -> None:
    """Raise :class:`ExportError` where the export lacks a column that the mapping reads."""
    for name, columns in mapping.columns().items():
        held = exports[name].headers
        for column, reader in columns.items():
            if column not in held:
                proposal = hint(column, [name for name, header in held.items() if speakable(header)])
                proposal = f"; {HEADLESS}" if headless([*held.values()]) else proposal
                raise ExportError(f"`{name}` of the export has no column `{column}`, which {reader} needs{proposal}")


def apply(
    mapping: Mapping, exports: Dictionary[str, Export], standard: Standard, key: bytes, lookup: Lookup | None = None
) -> Applied:
    """Map an export, of which ``exports`` holds the table of each input; ``key`` makes the pseudonyms.

    ``lookup`` turns area codes into deciles; without it the columns of deprivation are not filled. Raises
    :class:`ExportError` where a column is missing, or a join meets a key that stands twice.
    """
    needed(mapping, exports)
    inputs = inputs_of(mapping, exports, key)
    work = {
        name: Work(standard.table(name), mapping, exports, inputs, standard, key, lookup) for name in mapping.tables
    }
    with ThreadPoolExecutor() as pool:  # polars works outside Python's lock, most of its steps on one core each
        made = dict(zip(work, pool.map(Work.rows_of_table, work.values()), strict=True))
    tables = {name: made[name].lazy() for name in standard.names if name in made}
    if traced := [trace for one in work.values() for trace in one.traced]:
        tables["provenance"] = pl.concat(traced).select(
            *PROVENANCE[:5],
            pl.lit(mapping.code_list_version).alias("provenance_code_list_version"),
            pl.lit(mapping.version).alias("crosswalk_version"),
            "mapping_status",
        )
    groups = [*(group for name in mapping.inputs for group in exports[name].groups)]
    groups += [group for one in work.values() for group in one.groups]
    return Applied(
        tables, tuple(groups), (*_read(mapping, exports), *(line for one in work.values() for line in one.said))
    )


def inputs_of(mapping: Mapping, exports: Dictionary[str, Export], key: bytes) -> dict[str, pl.DataFrame]:
    """The columns of each input that anything reads, and what is worked out ahead of its own columns: ids and days.

    No spaces stand around a cell, and null stands for a blank one.
    """
    blocks = [block for blocks in mapping.tables.values() for block in blocks]
    frames = []
    for name, columns in mapping.columns().items():
        cells = [cell for block in blocks if block.source == name for cell in block.ahead.values()]
        ahead = {cell.ahead: cell.work_out(key) for cell in cells if {*cell.reads} <= {*columns}}
        texts = [pl.col(column).str.strip_chars() for column in columns]
        blank = pl.when(pl.col(columns) != "").then(pl.col(columns))
        frames.append(exports[name].frame.select(ROW, *texts).with_columns(blank).with_columns(*ahead.values()))
    return dict(zip(mapping.columns(), pl.collect_all(frames, engine="streaming"), strict=True))


def _read(mapping: Mapping, exports: Dictionary[str, Export]) -> list[str]:
    """What was read of each input, and which of its columns were not."""
    said = []
    for name, columns in mapping.columns().items():
        held, unused = exports[name].headers, mapping.inputs[name].unused
        on_purpose = [column for column in held if column in unused]
        unread = [column for column in held if column not in columns and column not in unused]
        left = f", {len(on_purpose)} left out on purpose" if on_purpose else ""
        rest = f", {len(unread)} read by nothing: rdac map check lists them" if unread else ""
        rest += "; it has a header and no rows: did the export fail?" if not exports[name].rows else ""
        used = len(held) - len(on_purpose) - len(unread)
        said.append(f"{name}: {plural(exports[name].rows, 'row')}; {used} of {len(held)} columns read{left}{rest}")
    return said


@dataclass
class Work:
    """The work on one table, and what came of it besides its rows."""

    made: Table
    mapping: Mapping
    exports: Dictionary[str, Export]
    inputs: Dictionary[str, pl.DataFrame]
    standard: Standard
    key: bytes
    lookup: Lookup | None = None
    traced: list[pl.LazyFrame] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    keys: list[pl.DataFrame] = field(default_factory=list)

    def rows_of_table(self) -> pl.LazyFrame:
        """Make a table of its blocks, and find keys that stand twice; its cells are worked out when it is written."""
        table, blocks = self.made, self.mapping.tables[self.made.name]
        made: list[pl.LazyFrame] = []
        columns = [table.column(name) for name in dict.fromkeys(name for block in blocks for name in block.cells)]
        for number, block in enumerate(blocks, start=1):
            name = f"{table.name}, block {number}" if len(blocks) > 1 else table.name
            rest = [self.unfilled(column) for column in columns if column.name not in block.cells]
            made.append(self.block(name, table, block).with_columns(rest))
        self.doubled(table, pl.concat(self.keys), blocks)
        rows = pl.concat(made, how="diagonal_relaxed")
        filled = rows.collect_schema().names()
        names = [column.name for column in table.columns if column.name in filled or self.asked(column)]
        absent = [self.unfilled(column) for column in table.columns if column.name not in filled]
        return rows.with_columns(absent).select(names)

    def asked(self, column: Column) -> bool:
        """Whether the profile asks for a column and the mapping says what stands where nothing fills it."""
        return bool(self.mapping.unfilled) and column.in_profile(self.mapping.profile)

    def unfilled(self, column: Column) -> pl.Expr:
        """The cells of a column that nothing fills."""
        return pl.lit(self.mapping.unfilled or None if column.coded else None, pl.String).alias(column.name)

    def block(self, name: str, table: Table, block: Block) -> pl.LazyFrame:
        """The rows of a block with their keys, then their findings and traces; their cells wait."""
        rows = self.rows(name, block)
        late = (cell for made, cell in block.ahead.items() if made not in rows.columns)
        rows = rows.with_columns(cell.work_out(self.key) for cell in late)
        said = {column: cell.said(block.gathered(cell.source)) for column, cell in block.cells.items()}
        whole = pl.concat_str([said[column].replace("", None) for column in table.key], separator="/")
        rows = rows.with_columns(whole.alias(KEY) if table.key else pl.lit(None, pl.String).alias(KEY))
        if table.key:
            rows = self.with_key(name, block, rows)
        self.keys.append(rows.select(ROW, KEY))
        cells = rows.lazy().select(ROW, KEY, **said)
        if block.source:
            file = self.exports[block.source].file
            self.groups += [
                group for cell in block.cells.values() for group in found_in(cell, table, block, rows, file)
            ]
            self.traced += [trace for cell in block.cells.values() for trace in traces(cell, table, block, rows)]
            self.defaults(name, block, rows)
            self.no_concern(name, block, cells)
        if block.area and self.lookup:
            cells = self.placed(name, rows[block.area], cells.collect(), table, self.lookup)
        self.said.append(f"{name}: {plural(rows.height, 'row')} written")
        return cells

    def with_key(self, name: str, block: Block, rows: pl.DataFrame) -> pl.DataFrame:
        """Leave out rows without a key and, where the block says once, those whose key was there before.

        A key that no column of the export names is the same in every row: then nothing is told again, and all are kept.
        """
        keep = rows[KEY].is_not_null()
        if not keep.all():
            self.said.append(
                f"{name}: {plural(int((~keep).sum()), 'row')} left out without a key: a column that names it is blank"
            )
        if block.once and any(block.cells[column].reads for column in self.made.key):
            earlier = pl.concat([pl.Series([], dtype=pl.String), *(made[KEY] for made in self.keys)])
            fresh = rows[KEY].is_first_distinct() & ~rows[KEY].is_in(earlier.implode())
            if again := int((keep & ~fresh).sum()):
                self.said.append(f"{name}: {plural(again, 'row')} left out, whose key was there before (once: true)")
            keep &= fresh
        return rows if keep.all() else rows.filter(keep)

    def rows(self, name: str, block: Block) -> pl.DataFrame:
        """The rows of the export that a block makes rows of, with the columns of its joins beside them."""
        if not block.source:
            return pl.DataFrame({ROW: [0]}, schema={ROW: pl.UInt32})
        rows = self.inputs[block.source]
        for join in block.joins:
            rows = self.joined(name, rows, join)
        if block.where is None:
            return rows
        where = block.where
        kept = rows.filter(pl.any_horizontal(met(where, column, block.gathered(column)) for column in where.columns))
        if kept.height < rows.height:
            self.said.append(f"{name}: {plural(rows.height - kept.height, 'row')} left out by its condition")
        return kept

    def joined(self, name: str, rows: pl.DataFrame, join: Join) -> pl.DataFrame:
        """Put the rows of another input beside those that agree with them."""
        there = list(join.on.values())
        columns = self.mapping.columns()[join.input]
        other = self.inputs[join.input].select(ROW, *columns).drop_nulls(there)
        if join.gather:
            rest = [column for column in columns if column not in there]
            other = other.group_by(there, maintain_order=True).agg(pl.col(rest).drop_nulls())
            other = other.with_columns(pl.when(pl.col(column).list.len() > 0).then(pl.col(column)) for column in rest)
        elif twice := other.filter(pl.struct(there).is_duplicated())[ROW].head(4).to_list():
            lines = ", ".join(map(str, twice))
            raise ExportError(
                f"`{join.input}` of the export gives a key twice ({', '.join(there)}), first at lines {lines}: a row "
                f"of {name} would have to be joined to two. Correct the export, or say gather: true"
            )
        other = other.rename({column: f"{join.input}.{column}" for column in other.columns if column != ROW})
        right = [f"{join.input}.{column}" for column in there]
        other = other.with_columns(pl.lit(value=True).alias(f"{join.input}._met"))
        met_rows = rows.join(
            other.drop(ROW, strict=False),
            left_on=list(join.on),
            right_on=right,
            how="left",
            coalesce=False,
            maintain_order="left",
        )
        if alone := met_rows[f"{join.input}._met"].null_count():
            self.said.append(
                f"{name}: {plural(alone, 'row')} found no row of {join.input}: the cells from there are blank"
            )
        self.unmet(name, rows, other, join)
        return met_rows.drop(f"{join.input}._met")

    def unmet(self, name: str, rows: pl.DataFrame, other: pl.DataFrame, join: Join) -> None:
        """Tell of rows of the other input that no row of the block asked for."""
        right = [f"{join.input}.{column}" for column in join.on.values()]
        if left := other.join(rows, left_on=right, right_on=list(join.on), how="anti").height:
            what = plural(left, "key" if join.gather else "row")
            self.said.append(f"{name}: {what} of {join.input} not used: no row asks for them")

    def defaults(self, name: str, block: Block, rows: pl.DataFrame) -> None:
        """Tell how often what a blank stands for was written."""
        for column, cell in block.cells.items():
            if cell.blank and cell.reads and (blank := rows.select(cell.blank_rows().sum()).item()):
                self.said.append(
                    f"{name}: {column} is {cell.blank} in {plural(blank, 'row')} where the export is blank"
                )

    def placed(self, name: str, areas: pl.Series, cells: pl.DataFrame, table: Table, lookup: Lookup) -> pl.LazyFrame:
        """Turn area codes into deciles, and note in provenance where they come from; the codes go no further."""
        found = deciles(cells.with_columns(areas.alias("_code")), "_code", lookup, self.standard)
        self.said += [f"{name}: {sentence.strip()}" for sentence in found.said()]
        held = found.rows.filter(~pl.col(DECILE).is_in(self.standard.missing_reasons))
        for column in (DECILE, INDEX):
            origin = held.lazy().select(
                pl.lit(table.name).alias("target_table"),
                pl.col(KEY).alias("target_key"),
                pl.lit(column).alias("target_column"),
                pl.lit(lookup.source_field).alias("source_field"),
                pl.lit(None, pl.String).alias("source_code"),
                pl.lit(lookup.status.value).alias("mapping_status"),
            )
            self.traced.append(origin)
        return found.rows.lazy()

    def no_concern(self, name: str, block: Block, cells: pl.LazyFrame) -> None:
        """Tell of codes that a source keeps among its concerns and that are statuses."""
        for column, cell in block.cells.items():
            lists = [self.standard.lists[codes] for codes in cell.column.lists if cell.column.multiple]
            for code in (code for codes in lists for code in codes.where("not_a_concern")):
                mentioned = pl.col(column).str.contains(code, literal=True)
                held = pl.col(column).filter(mentioned).str.split(DELIMITER).list.contains(code)
                if rows := cells.select(held.sum()).collect().item():
                    self.said.append(
                        f"{name}: {code} in {plural(rows, 'row')} is a status and not a concern; kept as coded"
                    )

    def doubled(self, table: Table, keys: pl.DataFrame, blocks: Sequence[Block]) -> None:
        """Find keys that stand twice."""
        held = keys.drop_nulls(KEY)
        if not table.key or held[KEY].n_unique() == held.height:
            return
        again = held.filter(~pl.col(KEY).is_first_distinct())[ROW].to_list()
        if again:
            file = next((self.exports[block.source].file for block in blocks if block.source), "")
            self.groups.append(KeyAgain.at(table.name, file, sorted(again), table.key, key=", ".join(table.key)))
