"""Checks JSON against LINE's published OpenAPI description, with error paths as LINE writes them.

A walker of our own, since the description chooses shapes by discriminators, which JSON Schema
libraries do not follow, and since LINE's further rules hang on the shapes met on the way.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]

DESCRIPTION = Path(__file__).parent / "data" / "messaging-api.yml"
_PREFIX = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for LINE to refuse, and the member it is about."""

    message: str
    property: str


class Malformed(Problem):
    """The value has not even the form of its shape, so that no further rule can look at it."""


Rule = Callable[[Json, str], Iterator[Problem]]
"""A further rule of one shape: (the object, its path) → what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One object of the description, its inheritance flattened."""

    name: str
    properties: Json
    required: frozenset[str]
    kinds: Json
    """Discriminator: value of `type` → shape name; empty where there is none."""
    kind: str
    """The `type` that a member of a discriminated family must have, or empty."""


class Schema:
    """LINE's description, with the rules that it leaves out hung on its shapes."""

    def __init__(self, rules: dict[str, Rule], strict: frozenset[str]) -> None:
        """`strict`: families (Flex) in which an unknown member is refused."""
        self._rules = rules
        self._strict = strict
        self._shapes = _shapes()

    def problems(self, value: Any, shape: str, path: str = "") -> list[Problem]:
        """Everything wrong with `value`, in the order met."""
        return list(self._object(value, shape, path))

    def _object(self, value: Any, name: str, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Malformed("must be an object", path)
            return
        shape = self._shapes[name]
        if shape.kinds:
            chosen = shape.kinds.get(str(value.get("type")))
            if chosen is None:
                yield Malformed("invalid type", _join(path, "type"))
                return
            shape = self._shapes[chosen]
        elif shape.kind and value.get("type") != shape.kind:
            yield Malformed("invalid property", _join(path, "type"))
            return
        found = list(self._members(value, shape, path))
        yield from found
        rule = self._rules.get(shape.name)
        if rule and not any(isinstance(problem, Malformed) for problem in found):
            yield from rule(value, path)

    def _members(self, value: Json, shape: Shape, path: str) -> Iterator[Problem]:
        for name in sorted(shape.required - value.keys()):
            yield Malformed("must be specified", _join(path, name))
        for name, member in value.items():
            where = _join(path, name)
            if name not in shape.properties:
                if self._is_strict(shape.name):
                    yield Malformed("unknown field", where)
            elif member is None:
                yield Malformed("must not be null", where)
            else:
                yield from self._value(member, shape.properties[name], where)

    def _is_strict(self, name: str) -> bool:
        return any(name.startswith(family) for family in self._strict)

    def _value(self, value: Any, spec: Json, path: str) -> Iterator[Problem]:
        if reference := spec.get("$ref"):
            name = reference.removeprefix(_PREFIX)
            if name in self._shapes:
                yield from self._object(value, name, path)
                return
            spec = _description()[name]
        check = _CHECKS.get(spec.get("type", ""))
        if check is not None:
            yield from check(self, value, spec, path)

    def _array(self, value: Any, spec: Json, path: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Malformed("must be an array", path)
            return
        least, most = spec.get("minItems", 0), spec.get("maxItems", len(value))
        if not least <= len(value) <= most:
            yield Malformed(f"Size must be between {least} and {most}", path)
        for index, item in enumerate(value):
            yield from self._value(item, spec["items"], f"{path}[{index}]")

    def _string(self, value: Any, spec: Json, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Malformed("must be a string", path)
            return
        if "enum" in spec and value not in spec["enum"]:
            yield Malformed(f"must be one of {', '.join(spec['enum'])}", path)
        least, most = spec.get("minLength", 0), spec.get("maxLength", len(value))
        if not least <= len(value) <= most:
            yield Malformed(f"Length must be between {least} and {most}", path)
        if "pattern" in spec and not re.search(spec["pattern"], value):
            yield Malformed(f"must match {spec['pattern']}", path)

    def _number(self, value: Any, spec: Json, path: str) -> Iterator[Problem]:
        whole = spec["type"] == "integer"
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            yield Malformed("must be an integer" if whole else "must be a number", path)
            return
        least, most = spec.get("minimum", value), spec.get("maximum", value)
        if not least <= value <= most:
            yield Malformed(f"must be between {least} and {most}", path)

    def _boolean(self, value: Any, spec: Json, path: str) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield Malformed("must be a boolean", path)

    def _map(self, value: Any, spec: Json, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Malformed("must be an object", path)
            return
        for key, item in value.items():
            yield from self._value(item, spec.get("additionalProperties", {}), _join(path, key))


_CHECKS: dict[str, Callable[[Schema, Any, Json, str], Iterator[Problem]]] = {
    "array": Schema._array,
    "string": Schema._string,
    "integer": Schema._number,
    "number": Schema._number,
    "boolean": Schema._boolean,
    "object": Schema._map,
}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


@cache
def _description() -> Json:
    """The named shapes of the description."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with DESCRIPTION.open(encoding="utf-8") as file:
        loaded: Json = yaml.load(file, Loader=loader)  # noqa: S506 - a safe loader either way
    schemas: Json = loaded["components"]["schemas"]
    return schemas


@cache
def _shapes() -> dict[str, Shape]:
    schemas = _description()
    kinds = {
        reference.removeprefix(_PREFIX): kind
        for spec in schemas.values()
        for kind, reference in spec.get("discriminator", {}).get("mapping", {}).items()
    }
    return {
        name: _shape(name, spec, kinds.get(name, ""))
        for name, spec in schemas.items()
        if "properties" in spec or "allOf" in spec
    }


def _shape(name: str, spec: Json, kind: str) -> Shape:
    properties: Json = {}
    required: set[str] = set()
    for part in _parts(spec):
        properties |= part.get("properties", {})
        required |= set(part.get("required", ()))
    mapping = spec.get("discriminator", {}).get("mapping", {})
    return Shape(
        name,
        properties,
        frozenset(required),
        {kind: reference.removeprefix(_PREFIX) for kind, reference in mapping.items()},
        kind,
    )


def _parts(spec: Json) -> Iterator[Json]:
    for base in spec.get("allOf", ()):
        reference = base.get("$ref", "")
        yield from _parts(_description()[reference.removeprefix(_PREFIX)] if reference else base)
    yield spec
