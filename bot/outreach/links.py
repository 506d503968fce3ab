"""Links that open the bot's chat with a campaign's code already typed.

Source: LINE's URL scheme `https://line.me/R/oaMessage/{LINE ID}/?{text}`; any camera opens it.
"""

from urllib.parse import quote

from handlers.display import grouped


def chat_link(basic_id: str, code: str) -> str:
    """The address behind a poster's QR. `basic_id` is the account's, with its @; the code may be
    empty: then the chat opens with nothing typed.
    """
    typed = f"?{quote(f'รหัส {grouped(code)}')}" if code else ""
    return f"https://line.me/R/oaMessage/{quote(basic_id, safe='')}/{typed}"
