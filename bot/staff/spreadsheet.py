"""Leads as CSV or XLSX, a few at a time: a million rows need no more memory than a thousand.

Cells are text that no spreadsheet takes for a formula; phone and ID number keep their zeros.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import xlsxwriter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.staff import masks
from bot.staff.labels import label, thai_date
from db.lead_cells import person
from db.lead_search import Filters, Scope, by_number
from db.lead_tables import Registration

BATCH = 500
MOST_ROWS = 1_000_000
FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠|%")
PLAIN = (
    "reference",
    "status",
    "status_since",
    "created_at",
    "due_on",
    "province",
    "district",
    "tambon",
    "option",
    "occupation",
    "age_band",
    "channel",
    "campaign",
    "contact_time",
    "attempts",
)
PRIVATE = ("title", "first_name", "last_name", "birth_on", "id_number", "phone", "address")


@dataclass(frozen=True, slots=True)
class Export:
    """What is taken out, and who took it (a column of every row)."""

    scope: Scope
    filters: Filters
    private: bool
    mark: str
    now: datetime


def safe(text: object) -> str:
    """The text, so that a spreadsheet shows it and never runs it."""
    plain = ("" if text is None else str(text)).replace("\0", "")
    return f"'{plain}" if plain.startswith(FORMULA_SIGNS) else plain


def header(export: Export) -> list[str]:
    """The names of the columns."""
    return [*PLAIN, *(PRIVATE if export.private else ()), "exported_by"]


def batches(engine: Engine, export: Export) -> Iterator[tuple[Session, list[Registration]]]:
    """The leads, a few at a time; each batch is a short read of its own."""
    after, left = 0, MOST_ROWS
    while left > 0:
        with Session(engine.execution_options(reading=True)) as session:
            most = min(BATCH, left)
            some = by_number(export.scope, export.filters, export.now, after=after, limit=most)
            found = list(session.scalars(some))
            if not found:
                return
            yield session, found
            after, left = found[-1].id, left - len(found)


def cells(session: Session, lead: Registration, export: Export) -> list[str]:
    """One row."""
    plain = [_plain(lead, name) for name in PLAIN]
    who = []
    if export.private:
        told = person(session, lead)
        words = {
            "id_number": masks.dashed(told.id_number),
            "phone": masks.dashed(told.phone),
        }
        who = [words.get(name, getattr(told, name)) for name in PRIVATE]
    return [safe(text) for text in (*plain, *who, export.mark)]


def csv_lines(rows: Iterator[list[list[str]]], export: Export) -> Iterator[str]:
    """CSV with the mark by which Excel knows UTF-8."""
    yield "\ufeff" + _csv([header(export)])
    for batch in rows:
        yield _csv(batch)


def xlsx_file(rows: Iterator[list[list[str]]], export: Export) -> IO[bytes]:
    """A workbook in a temporary file without a name, written row by row."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet("leads")
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(header(export)):
        sheet.write_string(0, column, name)
    number = 1
    for batch in rows:
        for row in batch:
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
            number += 1
    book.close()
    file.seek(0)
    return file


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _plain(lead: Registration, name: str) -> object:
    value = getattr(lead, name)
    if name in ("status", "occupation", "age_band", "channel", "contact_time"):
        return label(name, value)
    if isinstance(value, datetime):
        return thai_date(value)
    return value
