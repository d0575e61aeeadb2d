"""From a return to a report: structure first, then the rules, one pass over each table where a row is enough.

What can fail here is the data, and that is a finding; an exception inside a rule is our fault, wrapped in one place
(:func:`_guarded`), told as *crashed*, and it fails the run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import narwhals as nw
import polars as pl

from rdac_validator import __version__
from rdac_validator.findings import Group, Outcome, Report, RuleInfo, RuleRun, Severity, in_order
from rdac_validator.ledger import Ledger
from rdac_validator.rules import RULES
from rdac_validator.rules.base import VALID, RowRule, Rule
from rdac_validator.rules.kinds import KINDS
from rdac_validator.rules.safety import HeaderKind
from rdac_validator.rules.structural import Kind, MissingColumn, MissingTable
from rdac_validator.standard import Column, Standard, Table
from rdac_validator.structure.cells import Cells, unknown_columns
from rdac_validator.structure.engine import Engine, Maker
from rdac_validator.structure.keys import Keys
from rdac_validator.structure.pandera_ import Pandera
from rdac_validator.tables import BATCH, ROW, Return, Tables, Text, cast

Progress = Callable[[str, int], None]


def check(
    given: Return,
    standard: Standard,
    *,
    profile: str = "core",
    rules: Sequence[type[Rule]] = RULES,
    structure: bool = True,
    engine: Maker = Pandera,
    wanted: Callable[[str], bool] = lambda _: True,
    progress: Progress = lambda _table, _rows: None,
) -> Report:
    """Check a return against the standard at a profile.

    ``rules`` are the rule classes to run; ``structure`` says whether the structural kinds run as well (not for the flat
    tables of a CIN census, whose structure DfE's own rules check), and ``engine`` what finds their faults. ``wanted``
    picks codes. ``progress`` is told the table and its rows as they are worked through.
    """
    ledger = Ledger(profile)
    kinds = tuple(kind for kind in KINDS if structure and wanted(kind.code))
    chosen = [rule() for rule in rules if wanted(rule.code)]
    if MissingTable in kinds and given.texts:
        _missing_tables([table for table in standard.tables if table.in_profile(profile)], given, ledger)
    elif MissingTable in kinds:
        ledger.not_run(MissingTable.code, MissingTable.severity, "", "nothing could be read")
    at_work = _with_types(engine(given, standard, kinds), given, standard)
    by_row = [rule for rule in chosen if isinstance(rule, RowRule)]
    for text in given.texts.values():
        _one_table(text, standard, kinds, by_row, ledger, at_work, progress)
    Keys(given, standard, kinds, ledger, at_work).end()
    _whole_return(given, standard, [rule for rule in chosen if not isinstance(rule, RowRule)], ledger)
    _unseen(given, chosen, ledger)
    told = _always(given, wanted)
    groups = [*(group for group in given.groups if told(group.code)), *ledger.groups()]
    described = [*map(RuleInfo.of, kinds), *(RuleInfo.of(type(rule)) for rule in chosen)]
    infos = [*(info for info in given.looked_for if told(info.code)), *described]
    files = {*(text.file for text in given.texts.values()), *(group.file for group in groups)}
    return Report(
        standard_version=standard.version,
        tool_version=__version__,
        profile=profile,
        inputs=tuple(text.input for text in given.texts.values()),
        groups=in_order(groups),
        runs=tuple(sorted([*_reading(given, told), *ledger.runs], key=lambda run: (run.code, run.table))),
        rules={info.code: info.of_files(files) for info in sorted(infos, key=lambda info: info.code)},
        notes=given.notes,
    )


def _with_types(engine: Engine, given: Return, standard: Standard) -> Engine:
    """The engine, and in front of it the one that judges the values of a document, where there is one."""
    if all(text.records is None for text in given.texts.values()):
        return engine
    from rdac_validator.structure.jsonschema_ import JsonSchema

    return JsonSchema(engine, standard)


def _always(given: Return, wanted: Callable[[str], bool]) -> Callable[[str], bool]:
    """Which faults of reading are told: the wanted ones, and every error, since it may have cost rows or a table."""
    errors = {info.code for info in given.looked_for if info.severity is Severity.ERROR}
    return lambda code: code in errors or wanted(code)


def _reading(given: Return, wanted: Callable[[str], bool]) -> Iterator[RuleRun]:
    """How the reader's own checks ended: it looked for each of its faults in all that it read."""
    failed: dict[str, int] = defaultdict(int)
    for group in given.groups:
        failed[group.code] += group.count
    for info in given.looked_for:
        if wanted(info.code):
            ended = Outcome.FAILED if failed[info.code] else Outcome.PASSED
            yield RuleRun(info.code, "", ended, info.severity, failed=failed[info.code])


def _missing_tables(expected: Sequence[Table], given: Return, ledger: Ledger) -> None:
    absent = [table for table in expected if table.name not in given.texts]
    for table in absent:
        severity = _by_tier(table.columns, ledger.profile)
        message = f"the table {table.name} is missing; the profile {ledger.profile} asks for it"
        ledger.found(Group(MissingTable.code, severity, table.name, "", (), message), ())
    ledger.ended(MissingTable.code, MissingTable.severity, "", len(expected), len(absent))


def _by_tier(columns: Iterable[Column], profile: str) -> Severity:
    """A warning where only extended fields are at stake, else an error."""
    asked = [column for column in columns if column.in_profile(profile)]
    return Severity.WARNING if all(column.tier == "T2" for column in asked) else Severity.ERROR


def _missing_columns(text: Text, table: Table, ledger: Ledger) -> None:
    asked = [column for column in table.columns if column.in_profile(ledger.profile)]
    absent = [column for column in asked if column.name not in text.headers]
    for column in absent:
        message = f"{column.name} is missing from {table.name}; the profile {ledger.profile} asks for it"
        severity = _by_tier([column], ledger.profile)
        ledger.found(Group(MissingColumn.code, severity, table.name, text.file, (column.name,), message), ())
    ledger.ended(MissingColumn.code, MissingColumn.severity, table.name, len(asked), len(absent))


def _headers(text: Text, kinds: Sequence[type[HeaderKind]], ledger: Ledger) -> None:
    """The names of columns that the standard does not know; a finding names the column by its place."""
    for kind in kinds:
        bad = [column for column in unknown_columns(text) if kind.forbids(column.notes["unknown"])]
        for column in bad:
            message = f"{column.title}: {kind.message}"
            group = Group(kind.code, kind.severity, text.name, text.file, (), message, unknown=column.name)
            ledger.found(group, ())
        ledger.ended(kind.code, kind.severity, text.name, len(text.headers) + len(text.unknown), len(bad))


def _one_table(
    text: Text,
    standard: Standard,
    kinds: Sequence[type[Kind]],
    rules: Sequence[RowRule],
    ledger: Ledger,
    engine: Engine,
    progress: Progress,
) -> None:
    """Everything that needs one row at a time, in one pass over the table's batches; keys are gathered on the way."""
    table = standard.table(text.name)
    if MissingColumn in kinds:
        _missing_columns(text, table, ledger)
    _headers(text, [kind for kind in kinds if issubclass(kind, HeaderKind)], ledger)
    cells = Cells(text, table, standard, kinds, ledger, engine)
    rows = _Rows(text, table, standard, [rule for rule in rules if _runnable(rule, text)], ledger)
    for batch in text.batches():
        cells.look(batch)
        rows.look(batch)
        progress(table.name, batch.height)
    cells.end()
    rows.end()


def _runnable(rule: Rule, text: Text) -> bool:
    return rule.table == text.name and set(rule.columns) <= set(text.headers)


class _Rows:
    """The row rules over one table, all of them in one query a batch."""

    def __init__(self, text: Text, table: Table, standard: Standard, rules: Sequence[RowRule], ledger: Ledger) -> None:
        self.text, self.table, self.standard, self.ledger = text, table, standard, ledger
        self.rules = list(rules)
        self.checked: dict[str, int] = defaultdict(int)
        self.failed: dict[str, int] = defaultdict(int)

    def look(self, batch: pl.DataFrame) -> None:
        """Judge the rows of a batch; a rule that raises is told as crashed and left out from then on."""
        if not self.rules:
            return
        typed = nw.from_native(cast(batch.lazy(), self.table, self.standard))
        try:
            self.judge(typed, self.rules)
        except Exception:  # noqa: BLE001 one of the rules raised: find out which, the others still count
            for rule in list(self.rules):
                if not _guarded(partial(self.judge, typed, [rule]), rule, self.ledger):
                    self.rules.remove(rule)

    def judge(self, typed: nw.LazyFrame[pl.LazyFrame], rules: Sequence[RowRule]) -> None:
        """Count the judged rows of each rule and note the failing ones."""
        applies = [rule.applies().fill_null(value=False).alias(f"a{i}") for i, rule in enumerate(rules)]
        valid = [rule.valid().alias(f"v{i}") for i, rule in enumerate(rules)]
        seen = typed.select(ROW, *applies, *valid).to_native()
        judged = [pl.col(f"a{i}") & pl.col(f"v{i}").is_not_null() for i in range(len(rules))]
        wrong = [(pl.col(f"a{i}") & ~pl.col(f"v{i}")).fill_null(value=False) for i in range(len(rules))]
        flags = [expr.alias(f"w{i}") for i, expr in enumerate(wrong)]
        counts, failing = pl.collect_all(
            [
                seen.select(expr.sum().alias(f"j{i}") for i, expr in enumerate(judged)),
                seen.select(ROW, *flags).filter(pl.any_horizontal(pl.exclude(ROW))),
            ]
        )
        for i, rule in enumerate(rules):
            rows = failing.filter(pl.col(f"w{i}"))[ROW].to_list()
            self.checked[rule.code] += counts.item(0, i)
            self.failed[rule.code] += len(rows)
            if rows:
                self.ledger.found(_group(rule, self.text, self.ledger.profile), rows)

    def end(self) -> None:
        """Tell how each rule that did not crash ended."""
        for rule in self.rules:
            severity = rule.severity_at(self.ledger.profile)
            self.ledger.ended(rule.code, severity, rule.table, self.checked[rule.code], self.failed[rule.code])


def _group(rule: Rule, text: Text, profile: str) -> Group:
    return Group(rule.code, rule.severity_at(profile), rule.table, text.file, rule.columns, rule.message)


def _guarded(judge: Callable[[], None], rule: Rule, ledger: Ledger) -> bool:
    """Run one rule; what it raises is told as crashed. Only here, and where the rules of a batch are tried together."""
    try:
        judge()
    except Exception as error:  # noqa: BLE001 a rule of ours must not take the others down, nor pass
        ledger.crashed(rule.code, rule.severity, rule.table, type(error).__name__)
        return False
    return True


def _whole_return(given: Return, standard: Standard, rules: Sequence[Rule], ledger: Ledger) -> None:
    """The rules that need several rows or tables."""
    texts = {name: _kept(text) for name, text in given.texts.items()}
    tables = Tables(texts, standard)
    for rule in rules:
        absent = _absent(rule, tables)
        if absent and rule.table not in tables and standard.table(rule.table).optional:
            ledger.ended(rule.code, rule.severity_at(ledger.profile), rule.table, 0, 0)
        elif absent:
            ledger.not_run(rule.code, rule.severity_at(ledger.profile), rule.table, absent)
        else:
            _guarded(partial(_judge, rule, tables, _not_whole(given), ledger), rule, ledger)


def _not_whole(given: Return) -> set[str]:
    """Tables that are there and could not be read, or not every row of them: their silence proves nothing."""
    lost = {group.table for group in given.groups if group.severity is Severity.ERROR} - set(given.texts)
    return lost | {text.name for text in given.texts.values() if text.damaged}


def _kept(text: Text) -> Text:
    """Small tables are held in memory, so that each rule does not read the file again."""
    if text.rows > BATCH:
        return text
    frame = text.frame.collect().lazy()
    return replace(text, frame=frame)


def _absent(rule: Rule, tables: Tables) -> str:
    """Why the rule cannot run: what it needs and the return does not have."""
    for table, columns in {**rule.needs, rule.table: (*rule.columns, *rule.needs.get(rule.table, ()))}.items():
        if table not in tables:
            return f"the table {table} is not in the return"
        lacking = [column for column in columns if not tables.has(table, column)]
        if lacking:
            return f"{table} has no column {', '.join(lacking)}"
    return ""


def _judge(rule: Rule, tables: Tables, not_whole: set[str], ledger: Ledger) -> None:
    """Count the rows that a rule judges and note the failing ones; a row of which nothing can be said is not judged."""
    tables.consulted.clear()
    cases = rule.cases(tables).to_native().filter(pl.col(VALID).is_not_null())
    severity = rule.severity_at(ledger.profile)
    lost = sorted({rule.table, *rule.needs, *tables.consulted} & not_whole)
    if lost:
        ledger.not_run(rule.code, severity, rule.table, f"{', '.join(lost)} could not be read whole")
        return
    total, failing = pl.collect_all(
        [cases.select(pl.col(ROW).n_unique()), cases.filter(~pl.col(VALID)).select(ROW)], engine="streaming"
    )
    rows = set(failing[ROW].to_list())
    ledger.ended(rule.code, severity, rule.table, total.item(), len(rows))
    if rows:
        ledger.found(_group(rule, tables.texts[rule.table], ledger.profile), rows)


def _unseen(given: Return, rules: Sequence[Rule], ledger: Ledger) -> None:
    """Row rules whose table or columns are not there: listed as not run."""
    tables = Tables(given.texts, Standard("", (), (), {}))
    for rule in rules:
        if isinstance(rule, RowRule):
            absent = _absent(rule, tables)
            if absent:
                ledger.not_run(rule.code, rule.severity_at(ledger.profile), rule.table, absent)
