"""A lead on paper, prefilled, to be checked and signed; one, or all of a filter up to a bundle."""

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from bot.staff.context import audited, engine, me, now, rows, scope
from bot.staff.guard import needs
from bot.staff.pages.lead import wanted
from bot.staff.pages.leads import WORKERS, read_filters
from bot.staff.sheet import Sheet, sheets_pdf
from db.lead_cells import person
from db.lead_search import matching, within
from db.lead_tables import Registration
from db.rollups import thai_day
from db.session import transaction

page = Blueprint("sheets", __name__)
BUNDLE = 100


@page.post("/leads/<reference>/sheet.pdf")
@needs(*WORKERS)
def one(reference: str) -> ResponseReturnValue:
    """One page. By POST, since it shows everything and is logged."""
    return _printed([wanted(reference)])


@page.post("/sheets.pdf")
@needs(*WORKERS)
def many() -> ResponseReturnValue:
    """The first leads of a filter, a page each."""
    filters = within(read_filters(request.form), scope())
    chosen = matching(scope(), filters, thai_day(now()), now())
    found = list(rows().scalars(chosen.order_by(Registration.id.desc()).limit(BUNDLE)))
    return _printed(found) if found else abort(404)


def _printed(leads: list[Registration]) -> Response:
    told = [Sheet(lead, person(rows(), lead)) for lead in leads]
    made = sheets_pdf(told, me().name, now())
    with transaction(engine()) as session:
        for lead in leads:
            audited(session, "print", reference=lead.reference)
    answer = Response(made, mimetype="application/pdf")
    name = leads[0].reference if len(leads) == 1 else f"{len(leads)}-sheets"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
