"""LINE Login, played: a token proves who opened the page, to this channel, for an hour."""

from typing import Any

import pytest

from bot.simulator.login import CLIENT_ID, id_token, verified
from bot.simulator.world import World

NOW = 1_790_000_000.0


@pytest.fixture
def world() -> World:
    made = World("secret", "token", clock=lambda: NOW)
    made.add_person("สมศรี", "🙂")
    return made


def token(world: World, nonce: str = "n1") -> str:
    return id_token(world, next(iter(world.people.values())), nonce)


def test_a_good_token_names_the_person(world: World) -> None:
    claims, wrong = verified(world, {"id_token": token(world), "client_id": CLIENT_ID})
    assert wrong == ""
    assert claims is not None
    assert claims["sub"] in world.people


@pytest.mark.parametrize(
    ("form", "later_s", "words"),
    [
        ({"client_id": "other"}, 0, "Invalid IdToken Audience."),
        ({"client_id": CLIENT_ID, "nonce": "n2"}, 0, "Invalid IdToken Nonce."),
        ({"client_id": CLIENT_ID, "user_id": "U0"}, 0, "Invalid IdToken Subject Identifier."),
        ({"client_id": CLIENT_ID}, 3601, "IdToken expired."),
    ],
)
def test_a_token_for_something_else_is_refused(
    world: World, form: dict[str, Any], later_s: int, words: str
) -> None:
    made = token(world)
    world.clock = lambda: NOW + later_s
    assert verified(world, {"id_token": made, **form}) == (None, words)


@pytest.mark.parametrize("spoil", [lambda t: t[:-2] + "xx", lambda t: "x" + t, lambda t: ""])
def test_a_spoilt_token_is_refused(world: World, spoil: Any) -> None:
    form = {"id_token": spoil(token(world)), "client_id": CLIENT_ID}
    assert verified(world, form) == (None, "Invalid IdToken.")
