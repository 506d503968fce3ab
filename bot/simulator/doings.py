"""What the page can make happen: everything people do in LINE, and what only LINE itself does."""

from collections.abc import Callable

from bot.simulator import events
from bot.simulator.courier import Courier, redelivered
from bot.simulator.login import id_token
from bot.simulator.schema import Json
from bot.simulator.world import Chat, Person, World

MAX_PEOPLE = 50


class Odd(Exception):
    """The page asked for something that can't be; the text says what."""


def do(world: World, courier: Courier, action: Json) -> Json:
    """Carry out one action of the page; what it should know. Raises Odd."""
    kind = str(action.get("kind"))
    if own := _OWN.get(kind):
        return own(world, courier, action)
    if kind not in events.KINDS:
        raise Odd(f"no kind {kind}")
    courier.send([_event(world, action)], forged=bool(action.get("forged")))
    return {}


def _event(world: World, action: Json) -> Json:
    chat, person = _who(world, action)
    if chat.kind == "user" and person.blocked and action["kind"] != "follow":
        raise Odd("blocked")
    try:
        return events.build(world, chat, person, action)
    except (KeyError, TypeError, ValueError) as error:
        raise Odd(f"{action.get('kind')}: {error}") from None


def _who(world: World, action: Json) -> tuple[Chat, Person]:
    chat = world.chats.get(str(action.get("chat")))
    person = world.people.get(str(action.get("person")))
    if chat is None or person is None:
        raise Odd("no such chat or person")
    return chat, person


def _batch(world: World, courier: Courier, action: Json) -> Json:
    courier.send([_event(world, one) for one in action["actions"]])
    return {}


def _redeliver(world: World, courier: Courier, action: Json) -> Json:
    if not courier.last:
        raise Odd("nothing was sent yet")
    courier.send([redelivered(event) for event in courier.last])
    return {}


def _duplicate(world: World, courier: Courier, action: Json) -> Json:
    if not courier.last:
        raise Odd("nothing was sent yet")
    courier.send(courier.last)
    return {}


def _verify(world: World, courier: Courier, action: Json) -> Json:
    courier.send([])
    return {}


def _switch_menu(world: World, courier: Courier, action: Json) -> Json:
    _, person = _who(world, action)
    alias = str(action.get("alias"))
    target = world.aliases.get(alias)
    status = "SUCCESS" if target in world.menus else "RICHMENU_ALIAS_ID_NOTFOUND"
    params = {"status": status}
    if status == "SUCCESS":
        person.menu = str(target)
        params["newRichMenuAliasId"] = alias
        world.touch(person)
    courier.send([_event(world, action | {"kind": "postback", "params": params})])
    return {}


def _add_person(world: World, courier: Courier, action: Json) -> Json:
    name = str(action.get("name", "")).strip()[:20]
    if not name or len(world.people) >= MAX_PEOPLE:
        raise Odd("a name is needed")
    return {"id": world.add_person(name, str(action.get("face", "🙂"))[:8]).id}


def _add_group(world: World, courier: Courier, action: Json) -> Json:
    name = str(action.get("name", "")).strip()[:20] or "กลุ่มใหม่"
    kind = "room" if action.get("room") else "group"
    return {"id": world.add_group(name, list(world.people), kind).id}


def _id_token(world: World, courier: Courier, action: Json) -> Json:
    _, person = _who(world, action)
    return {"token": id_token(world, person, str(action.get("nonce", "")))}


def _set_quota(world: World, courier: Courier, action: Json) -> Json:
    value = action.get("value")
    world.quota = None if value is None else int(value)
    world.version += 1
    return {}


_OWN: dict[str, Callable[[World, Courier, Json], Json]] = {
    "batch": _batch,
    "redeliver": _redeliver,
    "duplicate": _duplicate,
    "verify": _verify,
    "richmenuswitch": _switch_menu,
    "addPerson": _add_person,
    "addGroup": _add_group,
    "quota": _set_quota,
    "idToken": _id_token,
}
