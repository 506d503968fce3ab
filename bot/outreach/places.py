"""Places by their official names, as the forms and files of outreach write them."""

from dataclasses import dataclass
from functools import lru_cache

import geothai

BANGKOK = "กรุงเทพมหานคร"
PREFIXES = ("จังหวัด", "จ.", "อำเภอ", "อ.", "ตำบล", "ต.", "แขวง")


class UnknownPlace(Exception):
    """A name that is not where it was said to be; `part` says which, `name` what was written."""

    def __init__(self, part: str, name: str) -> None:
        super().__init__(part)
        self.part = part
        self.name = name


@dataclass(frozen=True, slots=True)
class Place:
    """Official names; what is smaller may be empty."""

    province: str
    district: str = ""
    tambon: str = ""


@lru_cache(maxsize=1)
def tree() -> dict[str, dict[str, tuple[str, ...]]]:
    """Province → district → its tambons."""
    return {
        province.name_th: {
            district.name_th: tuple(one.name_th for one in geothai.subdistricts(district.code))
            for district in geothai.districts(province.code)
        }
        for province in geothai.provinces()
    }


def place(province: str, district: str = "", tambon: str = "") -> Place:
    """The place behind names as people write them. Raises UnknownPlace."""
    official = _named(province, tuple(tree()), "province")
    districts = tree()[official]
    if not district.strip():
        if tambon.strip():
            raise UnknownPlace("district", "")
        return Place(official)
    inner = _named(district, tuple(districts), "district", official)
    if not tambon.strip():
        return Place(official, inner)
    return Place(official, inner, _named(tambon, districts[inner], "tambon"))


def _named(written: str, known: tuple[str, ...], part: str, province: str = "") -> str:
    name = " ".join(written.split())
    tries = [name, *(name.removeprefix(prefix).strip() for prefix in PREFIXES)]
    if part == "district":
        tries += [f"เขต{name}", f"เมือง{province}" if name in {"เมือง", "อ.เมือง"} else name]
    if part == "province" and name in {"กรุงเทพ", "กรุงเทพฯ", "กทม", "กทม."}:
        return BANGKOK
    found = next((one for one in tries if one in known), None)
    if found is None:
        raise UnknownPlace(part, name[:60])
    return found
