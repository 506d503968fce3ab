"""Finds numbers of the law typed by hand: what the linter tests look with."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nlp.facts import book

ROOT = Path(__file__).parents[3]
_UNITS = {
    "บาท": ("baht", "baht_per_month", "baht_per_day"),
    "baht": ("baht", "baht_per_month", "baht_per_day"),
    "เดือน": ("months",),
    "months": ("months",),
    "ปี": ("years",),
    "วัน": ("days",),
    "ครั้ง": ("times",),
    "คน": ("persons",),
}
_NUMBER_AND_UNIT = re.compile(rf"(?<![\d.,:-])(\d[\d,]*)\s?({'|'.join(_UNITS)})(?!ทำการ|ที่|นี้|หน้า)")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_COUNTERS = 3
_LAW_WORDS = {
    "baht", "age", "ages", "contribution", "contributions", "funeral", "allowance", "premium",
}  # fmt: skip


@cache
def _values(unit: str) -> frozenset[int]:
    return frozenset(
        fact.value
        for rows in book().rows.values()
        for fact in rows
        if fact.unit in _UNITS[unit] and isinstance(fact.value, int)
    )


@cache
def _telling_values() -> frozenset[int]:
    """Values that are no mere counter."""
    return frozenset(value for unit in _UNITS for value in _values(unit) if value > _COUNTERS)


def in_text(text: str) -> list[str]:
    """Numbers next to their unit that are, or were, numbers of the law."""
    return [
        match[0]
        for match in _NUMBER_AND_UNIT.finditer(_PLACEHOLDER.sub("", text))
        if int(match[1].replace(",", "")) in _values(match[2])
    ]


def in_python(source: str) -> Iterator[str]:
    """Numbers of the law in a module: in its texts, and beside a name of the law."""
    tree = ast.parse(source)
    docs = {id(node) for node in _docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield from in_text(node.value)
        for name, value in _pairs(node):
            if _is_law_name(name) and value in _telling_values():
                yield f"{name} … {value} (line {getattr(node, 'lineno', '?')})"


def in_asserts(source: str) -> Iterator[str]:
    """Numbers of the law in the texts a test compares with."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield from in_text(part.value)


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _pairs(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Names and the constants they are set to or compared with."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
        for target in node.targets:
            yield ast.unparse(target), node.value.value
    elif isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant):
        yield ast.unparse(node.target), node.value.value
    elif isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
        yield node.arg or "", node.value.value
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        names = [ast.unparse(side) for side in sides if not isinstance(side, ast.Constant)]
        for side in sides:
            if isinstance(side, ast.Constant):
                yield from ((name, side.value) for name in names)


def _is_law_name(name: str) -> bool:
    return bool(_LAW_WORDS & set(re.split(r"[^a-z]+", name.lower())))
