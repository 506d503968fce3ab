"""Puts the simulator under /simulator of the bot's own server, with a few people to be."""

from typing import Protocol

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bot.line.menu import DEFAULT, NAMES, rich_menu
from bot.simulator import ids
from bot.simulator.courier import Courier
from bot.simulator.views import create_simulator
from bot.simulator.world import Menu, World

PATH = "/simulator"
PEOPLE = (("สมศรี ใจดี", "👵"), ("มานะ ขยันงาน", "👨‍🌾"), ("บุญเรือน (อสม.)", "👩"), ("ปรีชา ขับวิน", "🛵"))
GROUP = "แม่ค้าตลาดเช้า"


class Settings(Protocol):
    """What the simulator needs of the bot's configuration."""

    @property
    def channel_secrets(self) -> tuple[str, ...]: ...
    @property
    def access_token(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def public_url(self) -> str: ...


def mount(app: Flask, config: Settings) -> World:
    """Serve LINE and its phone below /simulator. The bot talks to it over HTTP, as to LINE.

    An app of its own, so that neither side's sessions, limits or error pages touch the other.
    """
    world = World(config.channel_secrets[0], config.access_token, own_url=config.public_url)
    for name, face in PEOPLE:
        # The same IDs at every start: the bot's database remembers these people.
        world.add_person(name, face, person_id=ids.user(f"person:{name}"))
    world.add_group(GROUP, list(world.people))
    _set_up_menus(world)
    courier = Courier(world, f"http://127.0.0.1:{config.port}/callback")
    simulator = create_simulator(world, courier)
    # Flask's documented seam for wrapping an app.
    app.wsgi_app = DispatcherMiddleware(  # type: ignore[method-assign]
        app.wsgi_app, {PATH: simulator.wsgi_app}
    )
    return world


def _set_up_menus(world: World) -> None:
    """The account has its rich menus already, as after `python -m bot menu`."""
    for name in NAMES:
        menu = rich_menu(name)
        made = Menu(ids.menu(menu.name), menu.request, draw=menu.picture)
        world.menus[made.id] = made
        if name == DEFAULT:
            world.default_menu = made.id
