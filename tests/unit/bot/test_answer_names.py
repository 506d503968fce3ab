"""Each kind of case an answer may have has a name on the page where staff reword it."""

import pytest

from bot.staff.labels import label
from nlp.answering.content import DIMENSIONS


@pytest.mark.parametrize("kind", ["base", *DIMENSIONS])
def test_a_kind_of_case_has_a_name_of_its_own(kind: str) -> None:
    assert label("answer_case", kind) not in ("", kind)
