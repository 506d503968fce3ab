"""The calls about rich menus."""

import re

from bot.simulator import ids, menus
from bot.simulator.http import Refusal, Request, Response
from bot.simulator.rules import check
from bot.simulator.schema import Json
from bot.simulator.world import Menu, Person, World

MAX_MENUS = 1000


def create(world: World, request: Request) -> Response:
    """POST /v2/bot/richmenu."""
    body = request.json()
    _checked(body)
    if len(world.menus) >= MAX_MENUS:
        raise Refusal(400, "The number of rich menus exceeds the limit")
    menu = Menu(ids.menu(), body)
    world.menus[menu.id] = menu
    return Response(200, {"richMenuId": menu.id})


def validate(world: World, request: Request) -> Response:
    """POST /v2/bot/richmenu/validate."""
    _checked(request.json())
    return Response()


def listed(world: World, request: Request) -> Response:
    """GET /v2/bot/richmenu/list."""
    return Response(200, {"richmenus": [_shown(menu) for menu in world.menus.values()]})


def get(world: World, request: Request, menu_id: str) -> Response:
    """GET /v2/bot/richmenu/{id}."""
    return Response(200, _shown(_menu(world, menu_id)))


def delete(world: World, request: Request, menu_id: str) -> Response:
    """DELETE /v2/bot/richmenu/{id}."""
    _menu(world, menu_id)
    del world.menus[menu_id]
    if world.default_menu == menu_id:
        world.default_menu = ""
    _redraw(world)
    return Response()


def set_image(world: World, request: Request, menu_id: str) -> Response:
    """POST /v2/bot/richmenu/{id}/content: once only."""
    menu = _menu(world, menu_id)
    if menu.pictured:
        raise Refusal(400, "An image has already been uploaded to the richmenu")
    kind = request.headers.get("content-type", "").partition(";")[0]
    problems = list(menus.image(request.body, kind))
    if problems:
        raise Refusal(400, "The image is invalid", problems)
    menu.image, menu.content_type = request.body, kind
    return Response()


def image(world: World, request: Request, menu_id: str) -> Response:
    """GET /v2/bot/richmenu/{id}/content."""
    menu = _menu(world, menu_id)
    if not menu.pictured:
        raise Refusal(404, "Not found")
    return Response(200, menu.picture(), content_type=menu.content_type)


def set_default(world: World, request: Request, menu_id: str) -> Response:
    """POST /v2/bot/user/all/richmenu/{id}."""
    world.default_menu = _pictured(world, menu_id).id
    _redraw(world)
    return Response()


def default(world: World, request: Request) -> Response:
    """GET /v2/bot/user/all/richmenu."""
    if not world.default_menu:
        raise Refusal(404, "no default richmenu")
    return Response(200, {"richMenuId": world.default_menu})


def no_default(world: World, request: Request) -> Response:
    """DELETE /v2/bot/user/all/richmenu."""
    world.default_menu = ""
    _redraw(world)
    return Response()


def link(world: World, request: Request, user_id: str, menu_id: str) -> Response:
    """POST /v2/bot/user/{userId}/richmenu/{id}: of no effect for who is not a friend."""
    _give(world, user_id, _pictured(world, menu_id).id)
    return Response()


def linked(world: World, request: Request, user_id: str) -> Response:
    """GET /v2/bot/user/{userId}/richmenu."""
    person = world.people.get(user_id)
    if person is None or not person.menu:
        raise Refusal(404, "the user has no richmenu")
    return Response(200, {"richMenuId": person.menu})


def unlink(world: World, request: Request, user_id: str) -> Response:
    """DELETE /v2/bot/user/{userId}/richmenu."""
    _give(world, user_id, "")
    return Response()


def bulk_link(world: World, request: Request) -> Response:
    """POST /v2/bot/richmenu/bulk/link."""
    body = request.json()
    _checked(body, "RichMenuBulkLinkRequest")
    menu = _pictured(world, body["richMenuId"])
    for user_id in body["userIds"]:
        _give(world, user_id, menu.id)
    return Response(202)


def bulk_unlink(world: World, request: Request) -> Response:
    """POST /v2/bot/richmenu/bulk/unlink."""
    body = request.json()
    _checked(body, "RichMenuBulkUnlinkRequest")
    for user_id in body["userIds"]:
        _give(world, user_id, "")
    return Response(202)


def create_alias(world: World, request: Request) -> Response:
    """POST /v2/bot/richmenu/alias."""
    body = request.json()
    _checked(body, "CreateRichMenuAliasRequest")
    if body["richMenuAliasId"] in world.aliases:
        raise Refusal(400, "conflict richmenu alias id")
    world.aliases[body["richMenuAliasId"]] = _pictured(world, body["richMenuId"]).id
    return Response()


def update_alias(world: World, request: Request, alias: str) -> Response:
    """POST /v2/bot/richmenu/alias/{alias}."""
    _alias(world, alias)
    world.aliases[alias] = _pictured(world, str(request.json().get("richMenuId"))).id
    return Response()


def get_alias(world: World, request: Request, alias: str) -> Response:
    """GET /v2/bot/richmenu/alias/{alias}."""
    return Response(200, {"richMenuAliasId": alias, "richMenuId": _alias(world, alias)})


def delete_alias(world: World, request: Request, alias: str) -> Response:
    """DELETE /v2/bot/richmenu/alias/{alias}."""
    _alias(world, alias)
    del world.aliases[alias]
    return Response()


def aliases(world: World, request: Request) -> Response:
    """GET /v2/bot/richmenu/alias/list."""
    found = [{"richMenuAliasId": a, "richMenuId": m} for a, m in world.aliases.items()]
    return Response(200, {"aliases": found})


def _checked(body: Json, shape: str = "RichMenuRequest") -> None:
    problems = check(body, shape)
    if problems:
        raise Refusal(400, f"The request body has {len(problems)} error(s)", problems)


def _shown(menu: Menu) -> Json:
    return {"richMenuId": menu.id, **menu.request}


def _menu(world: World, menu_id: str) -> Menu:
    found = world.menus.get(menu_id)
    if found is None:
        raise Refusal(404, "richmenu not found")
    return found


def _pictured(world: World, menu_id: str) -> Menu:
    menu = _menu(world, menu_id)
    if not menu.pictured:
        raise Refusal(400, "must upload richmenu image before applying it to user")
    return menu


def _alias(world: World, alias: str) -> str:
    found = world.aliases.get(alias)
    if found is None:
        raise Refusal(404, "richmenu alias not found")
    return found


def _give(world: World, user_id: str, menu_id: str) -> None:
    if not re.fullmatch(r"U[0-9a-f]{32}", user_id):
        raise Refusal(400, "The value for the 'userId' parameter is invalid")
    person = world.people.get(user_id)
    if person is not None and person.friend:
        person.menu = menu_id
        world.touch(person)


def _redraw(world: World) -> None:
    person: Person
    for person in world.people.values():
        world.touch(person)
