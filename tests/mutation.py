"""Mutants of the rules: each a small change of one function, constant or attribute, run against the rules' own rows.

A mutant is killed if a rule that runs through what was changed finds other rows in one of its good or bad cases, or
raises. Which rules run through which function is seen while they run. Nothing is written: a mutant lives in memory.
"""

from __future__ import annotations
import __future__ as future

import ast
import copy
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType

import narwhals as nw
import polars as pl

from rdac_validator import rules as package
from rdac_validator.rules import RULES
from rdac_validator.rules.base import VALID, Frame, RowRule, Rule
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.rules.cin_base import CinRule
from rdac_validator.standard import load
from rdac_validator.tables import ROW, Tables
from tests.returns import text_of

FOLDER = Path(package.__path__[0])
EVERY: dict[str, type[Rule]] = {rule.code: rule for rule in (*RULES, *CIN_RULES)}
# modules of structural kinds, which have no rows of their own: tests/test_mutation.py holds them against the examples
KINDS_APART = ("cells", "codes", "structural", "kinds", "__init__", "cin")


@dataclass(frozen=True)
class Mutant:
    """A change: where, what, the place in the code that it touches, and how it is made and taken back."""

    where: str
    what: str
    touches: str | CodeType | type[Rule] | tuple[ModuleType, ...]
    make: Callable[[], Callable[[], None]]

    @property
    def name(self) -> str:
        """Where and what: the name under which an equivalent mutant is listed."""
        return f"{self.where}: {self.what}"


# What the rules find


@cache
def prepared(code: str) -> tuple[tuple[Tables, tuple[int, ...]], ...]:
    """The cases of a rule as tables held in memory, each with the rows that must fail."""
    rule, standard = EVERY[code], load()
    found = []
    for cases, rows in ((rule.bad, (2,)), (rule.good, ())):
        for given in cases:
            case = {rule.table: [given]} if issubclass(rule, RowRule) else given
            names = dict.fromkeys([*case, rule.table, *rule.needs])
            texts = {name: text_of(standard.table(name), case.get(name, [])) for name in names}
            tables = Tables(texts, standard)
            for name in names:
                tables._typed[name] = nw.from_native(tables[name].to_native().collect().lazy())
            found.append((tables, rows))
    return tuple(found)


def failing(rule: Rule, tables: Tables) -> tuple[int, ...]:
    """The rows that a rule finds at fault."""
    frame = rule.cases(tables).to_native().collect()
    return tuple(sorted(set(frame.filter(~pl.col(VALID))[ROW].to_list())))


def killed_by(code: str) -> bool:
    """Whether a rule finds anything else in its own cases than it must."""
    try:
        return any(failing(EVERY[code](), tables) != rows for tables, rows in prepared(code))
    except Exception:  # noqa: BLE001 a mutant may fail in any way; that it fails kills it
        return True


@cache
def passes() -> Mapping[CodeType, Sequence[str]]:
    """The codes of the rules that run through each function while they judge their own cases."""
    seen: dict[CodeType, set[str]] = defaultdict(set)
    for code, rule in EVERY.items():

        def note(frame: FrameType, event: str, _: object, code: str = code) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(str(FOLDER)):
                seen[frame.f_code].add(code)

        tables = prepared(code)
        sys.setprofile(note)
        try:
            for given, _ in tables:
                failing(rule(), given)
        finally:
            sys.setprofile(None)
    return {code: sorted(codes) for code, codes in seen.items()}


# Plain mutants: the verdict of a rule as a whole


def plain(code: str) -> Iterator[Mutant]:
    """A rule whose verdict is turned round, one that finds nothing, and one that judges every row."""
    rule = EVERY[code]
    changed: dict[str, Callable[[Frame], Frame]] = {
        "negated": lambda cases: cases.with_columns((~nw.col(VALID)).alias(VALID)),
        "always valid": lambda cases: cases.with_columns((nw.col(VALID) | nw.lit(value=True)).alias(VALID)),
    }
    original = rule.cases
    for what, change in changed.items():

        def cases(self: Rule, tables: Tables, change: Callable[[Frame], Frame] = change) -> Frame:
            return change(original(self, tables))

        yield Mutant(code, what, code, partial(attribute, rule, "cases", cases))
    applies = getattr(rule, "applies", None)
    if applies not in {None, RowRule.applies, CinRule.applies}:
        yield Mutant(code, "judges every row", code, partial(attribute, rule, "applies", lambda _: nw.col(ROW) >= 0))


def rewritten(function: FunctionType, code: CodeType) -> Callable[[], None]:
    """Give a function other code, and give what takes it back."""
    own = function.__code__
    function.__code__ = code
    return lambda: setattr(function, "__code__", own)


def attribute(owner: type | ModuleType, name: str, value: object) -> Callable[[], None]:
    """Set an attribute, and give what takes it back."""
    own = vars(owner).get(name, attribute)
    setattr(owner, name, value)
    return lambda: delattr(owner, name) if own is attribute else setattr(owner, name, own)


# Mutants of the text


def modules() -> dict[str, ModuleType]:
    """The modules of the rules, by name."""
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in KINDS_APART)
    return {name: import_module(f"{package.__name__}.{name}") for name in names}


def functions(module: ModuleType) -> Iterator[tuple[str, FunctionType, ast.FunctionDef, str]]:
    """Name, function, syntax tree and class (if any) of every function and method of a module."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, vars(module)[node.name], node, ""
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                held = vars(vars(module)[node.name]).get(getattr(item, "name", ""))
                held = getattr(held, "__func__", held)
                if isinstance(item, ast.FunctionDef) and isinstance(held, FunctionType):
                    yield f"{node.name}.{item.name}", held, item, node.name


def in_functions(module: ModuleType) -> Iterator[Mutant]:
    """Every mutant of every function of a module that a rule runs through."""
    for name, function, node, cls in functions(module):
        if function.__code__ in passes() and not name.endswith("__init_subclass__"):
            for what, changed in variants(node):
                code = compiled(changed, cls, function)
                where = f"{module.__name__.rpartition('.')[2]}.{name}"
                make = partial(rewritten, function, code)
                yield Mutant(where, what, function.__code__, make)


def compiled(node: ast.FunctionDef, cls: str, function: FunctionType) -> CodeType:
    """The code of a changed function, made inside its class so that ``super()`` works."""
    node.decorator_list = []
    body: list[ast.stmt] = [node]
    if cls:
        body = [ast.ClassDef(name=cls, bases=[], keywords=[], body=[node], decorator_list=[])]
    tree = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
    flags = future.annotations.compiler_flag
    outer = compile(tree, function.__code__.co_filename, "exec", flags=flags, dont_inherit=True)
    inner = outer if not cls else next(item for item in outer.co_consts if isinstance(item, CodeType))
    return next(item for item in inner.co_consts if isinstance(item, CodeType) and item.co_name == node.name)


def variants(node: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Copies of a function with one thing changed in each, and what was changed."""
    told: Counter[str] = Counter()
    for number, place in enumerate(_places(node)):
        for what, other in changes(place):
            twin = copy.deepcopy(node)
            _Swap(_places(twin)[number], other).visit(twin)
            said = f"{ast.unparse(place)} -> {what}"
            told[said] += 1
            yield said + (f" (no. {told[said]})" if told[said] > 1 else ""), twin


def _places(node: ast.FunctionDef) -> list[ast.AST]:
    """Every node of a function that does something: not its docstring, and no annotation."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    found = [place for statement in body for place in ast.walk(statement)]
    notes = [place.annotation for place in found if isinstance(place, ast.AnnAssign)]
    silent = {id(inner) for note in notes for inner in ast.walk(note)}
    return [place for place in found if id(place) not in silent]


class _Swap(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().generic_visit(node)


COMPARED: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
JOINS = {"left": "inner", "inner": "left", "semi": "anti", "anti": "semi"}
STRETCH = re.compile("(-?[0-9]+)([a-z]+)")


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What can stand in the place of one node, and a word for it."""
    match node:
        case ast.Compare(left=left, ops=[compared], comparators=comparators):
            for other in COMPARED.get(type(compared), ()):
                yield other.__name__, ast.Compare(left, [other()], comparators)
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as joint, right=right):
            swapped = ast.BitOr() if isinstance(joint, ast.BitAnd) else ast.BitAnd()
            yield type(swapped).__name__, ast.BinOp(left, swapped, right)
            yield from (("left only", left), ("right only", right))
        case ast.UnaryOp(op=ast.Invert() | ast.Not(), operand=operand):
            yield "not negated", operand
        case ast.Constant(value=bool(value)):
            yield str(not value), ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield str(value + 1), ast.Constant(value + 1)
        case ast.Constant(value=str(value)) if value in JOINS:
            yield JOINS[value], ast.Constant(JOINS[value])
        case ast.Constant(value=str(value)) if stretch := STRETCH.fullmatch(value):
            longer = f"{int(stretch[1]) + 1}{stretch[2]}"
            yield longer, ast.Constant(longer)
        case ast.List(elts=items) | ast.Tuple(elts=items, ctx=ast.Load()) | ast.Set(elts=items) if len(items) > 1:
            if all(isinstance(item, ast.Constant | ast.Name) for item in items):
                for item in items:
                    fewer = [other for other in items if other is not item]
                    yield f"without {ast.unparse(item)}", ast.List(fewer, ast.Load())


def in_constants() -> Iterator[Mutant]:
    """Shorter code lists and other numbers among the constants of the modules and the attributes of the rules."""
    done: set[tuple[str, int]] = set()
    for where, module in modules().items():
        for name, value in list(vars(module).items()):
            if name.lstrip("_").isupper() and (name, id(value)) not in done:
                done.add((name, id(value)))
                holders = tuple(m for m in modules().values() if vars(m).get(name) is value)
                for what, other in others(value):
                    make = partial(_everywhere, holders, name, other)
                    yield Mutant(f"{where}.{name}", what, holders, make)
        for cls in list(vars(module).values()):
            if isinstance(cls, type) and issubclass(cls, Rule) and cls.__module__ == module.__name__:
                yield from _in_attributes(f"{where}.{cls.__name__}", cls)


def _in_attributes(where: str, cls: type[Rule]) -> Iterator[Mutant]:
    for name in ("first_year", "may_be_blank", "legacy"):
        for what, other in others(vars(cls).get(name)):
            yield Mutant(f"{where}.{name}", what, cls, partial(attribute, cls, name, other))


def others(value: object) -> Iterator[tuple[str, object]]:
    """Values that differ a little from a constant."""
    match value:
        case bool():
            yield f"{value} -> {not value}", not value
        case int():
            yield f"{value} -> {value + 1}", value + 1
        case tuple() | frozenset() if len(value) > 1 and all(isinstance(item, str | int) for item in value):
            for item in sorted(value, key=str):
                yield f"without {item}", type(value)(other for other in value if other != item)
        case str() if stretch := STRETCH.fullmatch(value):
            yield f"{value} -> {int(stretch[1]) + 1}{stretch[2]}", f"{int(stretch[1]) + 1}{stretch[2]}"
        case str() if re.fullmatch("20[0-9]{2}-[0-9]{2}", value):
            later = f"{int(value[:4]) + 1}-{int(value[5:]) + 1:02}"
            yield f"{value} -> {later}", later


def _everywhere(holders: Sequence[ModuleType], name: str, value: object) -> Callable[[], None]:
    """Set a constant in every module that holds it."""
    back = [attribute(holder, name, value) for holder in holders]

    def undo() -> None:
        for one in back:
            one()

    return undo


@contextmanager
def alive(mutant: Mutant) -> Iterator[None]:
    """The mutant while it lives."""
    undo = mutant.make()
    try:
        yield
    finally:
        undo()


def judges(mutant: Mutant) -> Sequence[str]:
    """The codes of the rules that a mutant could change."""
    touched = mutant.touches
    if isinstance(touched, CodeType):
        return passes()[touched]
    if isinstance(touched, str):
        return (touched,)
    if isinstance(touched, type):
        return [code for code, rule in EVERY.items() if issubclass(rule, touched)]
    return [code for code, rule in EVERY.items() if _homes(rule).intersection(touched)]


def _homes(rule: type[Rule]) -> set[ModuleType]:
    """The module of a rule and those whose functions it could call: its imports from among the rules."""
    home = sys.modules[rule.__module__]
    names = {getattr(item, "__module__", "") for item in vars(home).values()}
    return {home} | {module for module in modules().values() if module.__name__ in names}


def survives(mutant: Mutant) -> bool:
    """Whether no rule's own case tells the mutant from the rule."""
    with alive(mutant):
        return not any(killed_by(code) for code in judges(mutant))


def every() -> Iterator[Mutant]:
    """Every mutant there is."""
    for code in EVERY:
        yield from plain(code)
    for module in modules().values():
        yield from in_functions(module)
    yield from in_constants()
