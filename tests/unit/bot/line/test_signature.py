"""The signature check, with LINE's own test vector."""

import pytest

from bot.line.signature import sign, valid

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_lines_own_vector_is_accepted() -> None:
    assert sign(SECRET, BODY) == SIGNATURE
    assert valid([SECRET], BODY, SIGNATURE)


def test_both_secrets_are_good_while_one_is_reissued() -> None:
    assert valid(["new", SECRET], BODY, SIGNATURE)
    assert valid([SECRET, "new"], BODY, SIGNATURE)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "x",
        SIGNATURE[:-1],
        SIGNATURE + "=",
        SIGNATURE.lower(),
        SIGNATURE + "," + SIGNATURE,
        "ก" * 44,
        "\x00" * 44,
        "A" * 100_000,
    ],
)
def test_anything_else_is_refused(header: str | None) -> None:
    assert not valid([SECRET], BODY, header)


def test_one_changed_byte_is_refused() -> None:
    assert not valid([SECRET], BODY.replace(b"[]", b"[ ]"), SIGNATURE)
