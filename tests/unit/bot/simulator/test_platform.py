"""Tokens, keys, quota, blocks and menus behave as LINE's do, seen through the bot's own client."""

import io
import uuid
from collections.abc import Iterator

import pytest
from PIL import Image

from bot.line.client import LineClient
from bot.line.errors import LineError, Verdict
from bot.line.menu_maker import MenuMaker
from tests.fake_line import FakeLine, Fault

HELLO = [{"type": "text", "text": "สวัสดีค่ะ"}]
ANONG = "U" + "a" * 32
MENU = {
    "size": {"width": 2500, "height": 1686},
    "selected": True,
    "name": "เมนู",
    "chatBarText": "เมนู",
    "areas": [
        {
            "bounds": {"x": 0, "y": 0, "width": 2500, "height": 1686},
            "action": {"type": "message", "text": "เมนู"},
        }
    ],
}


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


@pytest.fixture
def client(line: FakeLine) -> LineClient:
    return LineClient(line.token, line.url)


@pytest.fixture
def maker(line: FakeLine) -> MenuMaker:
    return MenuMaker(line.token, line.url, line.url)


def verdict(error: pytest.ExceptionInfo[LineError]) -> Verdict:
    return error.value.verdict


def key() -> str:
    return str(uuid.uuid4())


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()


def test_a_reply_token_answers_once(line: FakeLine, client: LineClient) -> None:
    token = line.reply_token(ANONG)
    client.reply(token, HELLO)
    with pytest.raises(LineError) as second:
        client.reply(token, HELLO)
    assert verdict(second) == Verdict.BAD_TOKEN
    assert line.texts(ANONG) == ["สวัสดีค่ะ"]


def test_a_reply_token_is_too_old_after_a_minute(line: FakeLine, client: LineClient) -> None:
    token = line.reply_token(ANONG)
    now = line.world.clock()
    line.world.clock = lambda: now + 61
    with pytest.raises(LineError) as late:
        client.reply(token, HELLO)
    assert verdict(late) == Verdict.BAD_TOKEN


def test_a_redelivery_makes_the_token_young_again_for_twenty_minutes(line: FakeLine) -> None:
    token = line.reply_token(ANONG)
    start = line.world.clock()
    line.world.clock = lambda: start + 19 * 60
    line.world.delivered(token)
    assert line.world.use_token(token) is not None
    line.world.clock = lambda: start + 21 * 60
    line.world.delivered(token)
    assert line.world.use_token(token) is None


def test_a_reply_refused_for_its_content_leaves_the_token_good(
    line: FakeLine, client: LineClient
) -> None:
    token = line.reply_token(ANONG)
    with pytest.raises(LineError) as bad:
        client.reply(token, [{"type": "text", "text": ""}])
    assert verdict(bad) == Verdict.REFUSED
    assert line.world.refusals == 1
    client.reply(token, HELLO)
    assert line.texts(ANONG) == ["สวัสดีค่ะ"]


def test_a_retry_key_sends_once(line: FakeLine, client: LineClient) -> None:
    same = key()
    first, second = client.push(ANONG, HELLO, same), client.push(ANONG, HELLO, same)
    assert (first.again, second.again) == (False, True)
    assert second.request_id == first.request_id
    assert line.texts(ANONG) == ["สวัสดีค่ะ"]


def test_a_lost_answer_is_found_again_by_its_key(line: FakeLine, client: LineClient) -> None:
    line.fail(Fault(drop=True, carried_out=True))
    same = key()
    with pytest.raises(LineError) as lost:
        client.push(ANONG, HELLO, same)
    assert verdict(lost) == Verdict.UNSURE
    assert client.push(ANONG, HELLO, same).again
    assert line.texts(ANONG) == ["สวัสดีค่ะ"]


def test_a_server_error_sends_nothing(line: FakeLine, client: LineClient) -> None:
    line.fail(Fault(status=500))
    with pytest.raises(LineError) as broken:
        client.push(ANONG, HELLO, key())
    assert verdict(broken) == Verdict.UNSURE
    assert line.texts(ANONG) == []


def test_who_blocked_sees_nothing_and_line_says_200(line: FakeLine, client: LineClient) -> None:
    client.push(ANONG, HELLO, key())
    line.world.people[ANONG].blocked = True
    client.push(ANONG, HELLO, key())
    assert line.texts(ANONG) == ["สวัสดีค่ะ"]


def test_the_monthly_limit_is_told_apart(client: LineClient, line: FakeLine) -> None:
    line.world.quota = 1
    client.push(ANONG, HELLO, key())
    with pytest.raises(LineError) as spent:
        client.push(ANONG, HELLO, key())
    assert verdict(spent) == Verdict.QUOTA
    assert client.quota() == (1, 1)


def test_a_wrong_access_token_is_refused(line: FakeLine) -> None:
    with pytest.raises(LineError) as shut:
        LineClient("other", line.url).push(ANONG, HELLO, key())
    assert shut.value.status == 401


def test_a_menu_needs_its_picture_before_anybody_sees_it(
    line: FakeLine, client: LineClient, maker: MenuMaker
) -> None:
    line.reply_token(ANONG)
    menu_id = maker.create_menu(MENU, png(2500, 1686))
    maker.set_default_menu(menu_id)
    assert client.menus() == {"เมนู": menu_id}
    assert line.world.menu_of(line.world.people[ANONG]) == menu_id
    with pytest.raises(LineError):
        client.link_menu(ANONG, "richmenu-none")


@pytest.mark.parametrize("size", [(700, 400), (2500, 2000), (800, 200)])
def test_a_menu_picture_has_its_form(maker: MenuMaker, size: tuple[int, int]) -> None:
    with pytest.raises(LineError) as refused:
        maker.create_menu(MENU, png(*size))
    assert verdict(refused) == Verdict.REFUSED
