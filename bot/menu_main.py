"""`python -m bot menu`: put the rich menus into the LINE account, without doing it twice."""

import sys

from bot.config import config_or_end
from bot.line.errors import LineError
from bot.line.menu_maker import MenuMaker, install


def main() -> int:
    """Install and name them; the exit code."""
    config = config_or_end()
    maker = MenuMaker(config.access_token, config.line_api_url, config.line_data_api_url)
    try:
        for name, menu_id in install(maker).items():
            print(f"{name}: {menu_id}")  # noqa: T201 - the command's output
    except LineError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's output
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
