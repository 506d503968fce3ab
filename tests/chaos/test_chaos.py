"""A minute of kills and faults: nothing lost, nothing twice, everything in order."""

import pytest

from tests.chaos.run import run

pytestmark = pytest.mark.chaos


@pytest.mark.parametrize(("kind", "kills"), [("postgresql", 10), ("sqlite", 4)])
def test_a_short_chaos_breaks_no_promise(kind: str, kills: int) -> None:
    report = run(seconds=25, sqlite=kind == "sqlite", rate=150, lease_s=3, seed=40, at_least=1000)
    assert report.broken == []
    assert sum(report.faults.values()) >= kills
    assert report.taken >= 1000
