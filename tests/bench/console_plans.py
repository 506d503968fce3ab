"""How PostgreSQL answers the questions of a page: which indexes, and no table read whole."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

LARGE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 10000"
"""The tables of which nothing may be read whole."""
A_SHAPE = 40
"""So many questions of one shape are explained, each with its own values."""


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
        if statement.startswith("SELECT") and len(kept) < A_SHAPE:
            kept.append(parameters)

    def explained(self) -> tuple[dict[str, Counter[str]], list[str]]:
        """The nodes of each page's plans, and the questions that read a large table whole."""
        nodes: dict[str, Counter[str]] = {}
        whole = []
        raw = self._engine.raw_connection()
        cursor = raw.cursor()
        cursor.execute(LARGE)
        large = {row[0] for row in cursor.fetchall()}
        for what, shapes in self._asked.items():
            nodes[what] = Counter()
            for statement, values in shapes.items():
                for parameters in values:
                    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
                    plan = _first(cursor.fetchone())
                    for node in _nodes(plan["Plan"]):
                        nodes[what][_told(node)] += 1
                        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large:
                            whole.append(f"{what}: {statement[:200]} {parameters}")
        raw.rollback()
        raw.close()
        return nodes, whole


def _first(row: Any) -> Mapping[str, Any]:
    found = row[0] if isinstance(row[0], list) else json.loads(row[0])
    plan: Mapping[str, Any] = found[0]
    return plan


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _told(node: Mapping[str, Any]) -> str:
    using = node.get("Index Name") or node.get("Relation Name") or ""
    return f"{node['Node Type']} {using}".strip()
