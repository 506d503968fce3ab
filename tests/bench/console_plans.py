"""How a database answers the questions of a page: which indexes, and no large table read whole."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

LARGE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 10000"
"""The tables of which nothing may be read whole."""
A_SHAPE = 40
"""So many questions of one shape are explained, each with its own values."""
EXPLAINED = ("SELECT", "WITH", "UPDATE", "DELETE")
ALL_FIRST = frozenset({"Sort", "Aggregate", "Hash", "Materialize", "Unique", "WindowAgg", "SetOp"})
"""What must have all rows before it gives one: a limit above it does not end the reading below."""


class Questions:
    """What was asked of the database, by page."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._what = engine, ""
        self._asked: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    @contextmanager
    def of(self, what: str) -> Iterator[None]:
        """Keep what is asked meanwhile under this page."""
        self._what = what
        event.listen(self._engine, "before_cursor_execute", self._note)
        try:
            yield
        finally:
            event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any
    ) -> None:
        kept = self._asked[self._what][statement]
        if statement.startswith(EXPLAINED) and len(kept) < A_SHAPE:
            kept.append(parameters)

    def explained(self) -> tuple[dict[str, Counter[str]], list[str]]:
        """The nodes of each page's plans, and the questions that read a large table whole."""
        nodes: dict[str, Counter[str]] = {}
        whole = []
        with self._cursor() as cursor:
            cursor.execute(LARGE)
            large = {row[0] for row in cursor.fetchall()}
            for what, statement, parameters in self._all():
                plan = _plan(cursor, statement, parameters)
                found = nodes.setdefault(what, Counter())
                found.update(_told(node) for node, _ in _nodes(plan))
                scans = [node for node, _ in _nodes(plan) if node["Node Type"] == "Seq Scan"]
                if any(node["Relation Name"] in large for node in scans):
                    whole.append(f"{what}: {statement[:200]} {parameters}")
        return nodes, whole

    def without_index(self, large: Collection[str]) -> list[str]:
        """The questions for which there is no index to narrow a large table by, and no limit that
        ends the reading. Few rows will do: PostgreSQL reads whole only where it has no choice.
        """
        whole = []
        with self._cursor() as cursor:
            for what, statement, parameters in self._all():
                if self._engine.dialect.name == "postgresql":
                    read = set(large)
                    for avoided in ("enable_seqscan", "enable_sort"):
                        cursor.execute(f"SET {avoided} = off")
                        read &= _unbounded(_plan(cursor, statement, parameters))
                    cursor.execute("RESET enable_sort")
                else:
                    cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                    read = _scanned(cursor.fetchall(), statement) & set(large)
                if read:
                    whole.append(
                        f"{what}: {sorted(read)} {' '.join(statement.split())} {parameters}"
                    )
        return whole

    def _all(self) -> Iterator[tuple[str, str, Any]]:
        for what, shapes in self._asked.items():
            for statement, values in shapes.items():
                for parameters in values:
                    yield what, statement, parameters

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        raw = self._engine.raw_connection()
        try:
            yield raw.cursor()
        finally:
            raw.rollback()
            raw.close()


def _plan(cursor: Any, statement: str, parameters: Any) -> Mapping[str, Any]:
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    row = cursor.fetchone()
    found = row[0] if isinstance(row[0], list) else json.loads(row[0])
    plan: Mapping[str, Any] = found[0]["Plan"]
    return plan


def _nodes(
    plan: Mapping[str, Any], *, limited: bool = False
) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Each node, and whether a limit above it ends its reading."""
    yield plan, limited
    kind = plan["Node Type"]
    below = kind == "Limit" or (limited and kind not in ALL_FIRST)
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner, limited=below)


def _unbounded(plan: Mapping[str, Any]) -> set[str]:
    """The tables that a plan of PostgreSQL reads from one end to the other."""
    return {
        node["Relation Name"]
        for node, limited in _nodes(plan)
        if "Relation Name" in node
        and node["Node Type"] != "ModifyTable"
        and not {"Index Cond", "Recheck Cond"} & set(node)
        and (node["Node Type"] == "Seq Scan" or not limited)
    }


def _scanned(rows: list[Any], statement: str) -> set[str]:
    """The same of a plan of SQLite, whose rows are (id, parent, …, words)."""
    if "WHERE 0 = 1" in statement:
        return set()  # nothing is looked for: the plan names tables that are not opened
    sorts = {row[1] for row in rows if re.search("TEMP B-TREE FOR (ORDER|GROUP|DISTINCT)", row[3])}
    ends = " LIMIT " in " ".join(statement.split())
    found = set()
    for _, parent, _, words in rows:
        scan = re.match(r"SCAN (\w+?)(?:_\d+)?(?: |$)", words)
        if scan and (parent in sorts or not ends):
            found.add(scan[1])
    return found


def _told(node: Mapping[str, Any]) -> str:
    using = node.get("Index Name") or node.get("Relation Name") or ""
    return f"{node['Node Type']} {using}".strip()
