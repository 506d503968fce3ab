"""The rich menus fit LINE's rules, are legible, and are put into the account once only."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from bot.line.errors import LineError, Verdict
from bot.line.menu import DEFAULT, NAMES, rich_menu
from bot.line.menu_maker import MenuMaker, install
from bot.line.menu_names import installed
from bot.simulator import menus
from bot.simulator.rules import check
from handlers.acting import knows
from nlp.intents import Intent
from tests.fake_line import FakeLine

INTENTS = {intent.value for intent in Intent} - {Intent.OUT_OF_SCOPE.value}


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


@pytest.fixture
def maker(line: FakeLine) -> MenuMaker:
    return MenuMaker(line.token, line.url, line.url)


@pytest.mark.parametrize("name", NAMES)
def test_a_menu_keeps_lines_rules(name: str) -> None:
    menu = rich_menu(name)
    assert check(menu.request, "RichMenuRequest") == []
    assert list(menus.image(menu.picture(), "image/png")) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_tiles_cover_the_whole_picture(name: str) -> None:
    menu = rich_menu(name)
    with Image.open(io.BytesIO(menu.picture())) as picture:
        width, height = picture.size
    bounds = [area["bounds"] for area in menu.request["areas"]]
    assert sum(b["width"] * b["height"] for b in bounds) == width * height
    assert len(bounds) == 6


@pytest.mark.parametrize("name", NAMES)
def test_every_tile_asks_something_the_bot_knows(name: str) -> None:
    for area in rich_menu(name).request["areas"]:
        kind, _, what = area["action"]["data"].partition(":")
        assert what in INTENTS if kind == "ask" else (kind == "do" and knows(what))
        assert area["action"]["displayText"]


def test_installing_twice_makes_three_menus_once(line: FakeLine, maker: MenuMaker) -> None:
    first = install(maker)
    assert install(maker) == first
    assert len(line.calls("/v2/bot/richmenu")) == 2 + 2 * len(NAMES)  # two lists, three made
    assert line.world.default_menu == first[DEFAULT]
    assert installed(maker.menus()) == first


def test_an_old_version_is_replaced_and_menus_of_others_stay(
    line: FakeLine, maker: MenuMaker
) -> None:
    picture = rich_menu("new").picture()
    old = maker.create_menu(rich_menu("new").request | {"name": "nong-sisip:new:0"}, picture)
    other = maker.create_menu(rich_menu("new").request | {"name": "โปรโมชัน"}, picture)
    install(maker)
    assert old not in line.world.menus
    assert other in line.world.menus
    assert len(line.world.menus) == len(NAMES) + 1


def test_a_refusal_has_its_verdict(line: FakeLine) -> None:
    with pytest.raises(LineError) as caught:
        MenuMaker("other", line.url, line.url).menus()
    assert caught.value.verdict is Verdict.AGAIN
    assert caught.value.status == 401
