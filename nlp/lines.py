"""`python -m nlp lines`: near-duplicates, label conflicts and coverage of the written examples."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from nlp.corpus import EXAMPLES, MANNERS, Example, read_writer
from nlp.normalise import normalise
from nlp.tokens import skeleton

ALIKE = 0.8
"""Jaccard similarity of the sets of three-letter runs, from which two lines count as near-
duplicates.
"""
ASKED_ALIKE = 0.6
"""From which two questions of people count as one and the same."""
_SHOWN = 40


def runs(text: str) -> frozenset[str]:
    """Three-letter runs of the skeleton, so that spacing and tone marks don't hide a copy."""
    bones = f"  {skeleton(text)} "
    return frozenset(bones[i : i + 3] for i in range(len(bones) - 2))


def near_duplicates(examples: Sequence[Example]) -> Iterator[tuple[float, Example, Example]]:
    """Pairs that are alike; only pairs that share a rare run are compared."""
    sets = [runs(example.text) for example in examples]
    holders: dict[str, list[int]] = defaultdict(list)
    for i, found in enumerate(sets):
        for run in found:
            holders[run].append(i)
    pairs: set[tuple[int, int]] = set()
    for i, found in enumerate(sets):
        rarest = sorted(found, key=lambda run: len(holders[run]))[: max(1, len(found) // 4)]
        pairs.update(
            (min(i, j), max(i, j))
            for run in rarest
            for j in holders[run]
            if i != j and len(holders[run]) < 200
        )
    for i, j in sorted(pairs):
        alike = len(sets[i] & sets[j]) / len(sets[i] | sets[j])
        if alike >= ALIKE:
            yield alike, examples[i], examples[j]


def grouped(texts: Sequence[str], alike: float = ASKED_ALIKE) -> list[list[int]]:
    """Numbers of the texts that ask much the same, the largest group first; each text is in the
    group of the first one it is like.
    """
    groups: list[tuple[frozenset[str], list[int]]] = []
    for number, text in enumerate(texts):
        found = runs(text)
        for first, numbers in groups:
            if min(len(found), len(first)) < alike * max(len(found), len(first)):
                continue  # too unlike in length for any overlap
            if len(found & first) >= alike * len(found | first):
                numbers.append(number)
                break
        else:
            groups.append((found, [number]))
    return sorted((numbers for _, numbers in groups), key=len, reverse=True)


def conflicts(examples: Sequence[Example]) -> Iterator[tuple[Example, Example]]:
    """The same utterance under two intents, neither of which accepts the other."""
    same: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        same[skeleton(normalise(example.text))].append(example)
    for group in same.values():
        for one, other in combinations(group, 2):
            if (
                one.intent is not other.intent
                and other.intent not in one.accept
                and one.intent not in other.accept
            ):
                yield one, other


def report() -> tuple[str, bool]:
    """It all, to read; and whether labels conflict."""
    writers = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
    examples = [example for writer in writers for example in read_writer(writer)]
    out = [f"{len(examples)} lines by {', '.join(f'{w} ({len(read_writer(w))})' for w in writers)}"]
    counts = Counter(example.intent.value for example in examples)
    out.append(
        "fewest: " + ", ".join(f"{name} {count}" for name, count in counts.most_common()[:-9:-1])
    )
    manners = Counter(example.manner for example in examples)
    out.append(
        "manners: " + ", ".join(f"{name} {manners[name] / len(examples):.1%}" for name in MANNERS)
    )
    personas = Counter(example.persona for example in examples)
    out.append(
        "personas: "
        + ", ".join(f"{name} {count / len(examples):.1%}" for name, count in personas.most_common())
    )
    alike = sorted(near_duplicates(examples), key=lambda pair: -pair[0])
    crossing = [pair for pair in alike if pair[1].writer != pair[2].writer]
    out.append(f"near-duplicates: {len(alike)}, of them between writers {len(crossing)}")
    out += [
        f"  {a:.2f} {x.writer}/{x.intent}: {x.text} = {y.writer}/{y.intent}: {y.text}"
        for a, x, y in alike[:_SHOWN]
    ]
    found = list(conflicts(examples))
    out.append(f"label conflicts: {len(found)}")
    out += [f"  {x.writer}/{x.intent} or {y.writer}/{y.intent}: {x.text}" for x, y in found]
    return "\n".join(out), bool(found)
