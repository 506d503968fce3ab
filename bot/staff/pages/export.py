"""Taking a list out as CSV or XLSX: asks for a reason and a fresh code, is logged lead by lead."""

from collections.abc import Iterator

from flask import Blueprint, Response, g, render_template, request, send_file, stream_with_context
from flask.typing import ResponseReturnValue

from bot.staff.context import audited, engine, me, now, rows, scope
from bot.staff.guard import code_is_right, needs
from bot.staff.labels import _, choices
from bot.staff.pages.leads import chosen, read_filters
from bot.staff.spreadsheet import Export, batches, cells, csv_lines, xlsx_file
from db import audit
from db.lead_search import COUNT_CAP, count, within
from db.lead_tables import Registration
from db.rollups import THAI_TIME
from db.session import transaction
from db.staff import Role

page = Blueprint("export", __name__, url_prefix="/export")
TAKERS = (Role.ADMIN, Role.SUPERVISOR)
KINDS = ("csv", "xlsx")


@page.get("/")
@needs(*TAKERS)
def form() -> ResponseReturnValue:
    """What would be taken out, and why it is asked for a code."""
    return _form("")


@page.post("/")
@needs(*TAKERS)
def take() -> ResponseReturnValue:
    """The file, streamed while it is read."""
    kind, reason = request.form.get("kind", ""), request.form.get("reason", "")
    if kind not in KINDS or reason not in dict(choices("export_reason")):
        return _form(_("กรุณาเลือกเหตุผล")), 400
    if not code_is_right(request.form.get("code", "")):
        g.guess_failed = True
        return _form(_("รหัส 6 หลักไม่ถูกต้องหรือใช้ไปแล้ว")), 403
    at = now()
    private = request.form.get("private") == "1"
    mark = f"{me().email} {at.astimezone(THAI_TIME):%Y-%m-%d %H:%M}"
    export = Export(scope(), within(read_filters(request.form), scope()), private, mark, at)
    with transaction(engine()) as session:
        audited(session, "export", detail=f"{kind} {reason}{' private' if private else ''}")
    name = f"leads-{at.astimezone(THAI_TIME):%Y%m%d-%H%M}.{kind}"
    if kind == "xlsx":
        file = xlsx_file(_table(export), export)
        return send_file(file, as_attachment=True, download_name=name)
    lines = stream_with_context(csv_lines(_table(export), export))
    answer = Response(lines, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _form(error: str) -> str:
    filters = within(read_filters(request.values), scope())
    number = count(rows(), scope(), filters, now())
    return render_template(
        "staff/export.html",
        error=error,
        kept=chosen(filters),
        count=number,
        capped=number >= COUNT_CAP,
    )


def _table(export: Export) -> Iterator[list[list[str]]]:
    """Rows as cells. Whose personal data left is logged before it leaves."""
    number = 0
    for session, leads in batches(engine(), export):
        if export.private:
            _log_each(leads)
        yield [cells(session, lead, export) for lead in leads]
        number += len(leads)
    with transaction(engine()) as writing:
        audited(writing, "export", detail=f"{number} rows done")


def _log_each(leads: list[Registration]) -> None:
    with transaction(engine()) as writing:
        audit.write_each(
            writing,
            [lead.reference for lead in leads],
            at=now(),
            action="export",
            staff=me().id,
            who=me().email,
            office=me().office,
            address=request.remote_addr or "",
        )
