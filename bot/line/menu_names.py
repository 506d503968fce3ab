"""How our rich menus are called in an account. Apart from their pictures: a worker draws none."""

from collections.abc import Mapping

PREFIX = "nong-sisip"


def installed(there: Mapping[str, str]) -> dict[str, str]:
    """The menus of an account by our names: `new` → id."""
    found = {}
    for full, menu_id in there.items():
        prefix, _, rest = full.partition(":")
        found[rest.partition(":")[0] if prefix == PREFIX else full] = menu_id
    return found
