"""The people behind the console: found, invited by link, bound to places, switched off."""

import secrets
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import hash_password
from flask_security.recoverable import generate_reset_password_token

from bot.staff.accounts import StaffUser
from bot.staff.context import audited, engine, me, now, rows
from bot.staff.guard import needs
from bot.staff.labels import _, choices, label
from bot.staff.offices import choices_in, provinces_of
from bot.staff.pages.leads import WORKERS, provinces_in
from db import lead_work, staff
from db.lead_search import Scope
from db.session import transaction
from db.staff import UNBOUND, Role, Staff

page = Blueprint("people", __name__, url_prefix="/people")
SHOWN = staff.PEOPLE_A_PAGE


@page.get("/")
@needs(Role.ADMIN)
def index() -> ResponseReturnValue:
    """Everyone, a page at a time, and the form for one more."""
    return _shown("", "")


@page.post("/find")
@needs(Role.ADMIN)
def find() -> ResponseReturnValue:
    """Search. By POST: names and addresses of people do not belong in an address of a page."""
    return _shown("", "", words=request.form.get("words", "").strip()[:80])


@page.get("/<int:number>/")
@needs(Role.ADMIN)
def show(number: int) -> ResponseReturnValue:
    """One person, with what can be changed."""
    return _one(number, "", "")


@page.post("/")
@needs(Role.ADMIN)
def invite() -> ResponseReturnValue:
    """A new account without a password; its link is shown once, to be handed over."""
    email, role = request.form.get("email", "").strip(), request.form.get("role", "")
    name, (provinces, offices) = request.form.get("name", "").strip(), _places()
    problem = _problem(email, name, role, provinces)
    if problem:
        return _shown("", problem), 400
    with transaction(engine()) as session:
        person = staff.add(
            session,
            email=email[:120],
            name=name[:80],
            office=_office_name(offices),
            role=Role(role),
            provinces=provinces,
            offices=offices,
            password=hash_password(secrets.token_urlsafe(32)),
            now=now(),
        )
        number = person.id
        audited(session, "person", detail=f"invite {person.email} {role}")
    return _shown(_link(number), "")


@page.post("/<int:number>/change")
@needs(Role.ADMIN)
def change(number: int) -> ResponseReturnValue:
    """Role, provinces and offices. Not one's own, and never the last administrator's."""
    role, (provinces, offices) = request.form.get("role", ""), _places()
    if number == me().id or role not in set(Role):
        abort(400)
    if not provinces and Role(role) not in UNBOUND:
        return _one(number, "", _("กรุณาเลือกจังหวัด")), 400
    with transaction(engine()) as session:
        person = session.get(Staff, number) or abort(404)
        if role != Role.ADMIN and staff.last_admin(session, person):
            abort(400)
        person.role, person.office = role, _office_name(offices)
        staff.bind(person, provinces, offices)
        at_work = Role(role) in WORKERS
        lead_work.release(session, number, lead_work.scope_of(person) if at_work else None)
        staff.end_sessions(session, number)
        where = ",".join([*provinces, *offices])
        audited(session, "person", detail=f"change {person.email} {role} {where}")
    return redirect(url_for("staff.people.show", number=number), 303)


@page.post("/<int:number>/active")
@needs(Role.ADMIN)
def active(number: int) -> ResponseReturnValue:
    """Switch an account off (all its sessions end, its leads go back) or on."""
    wanted = request.form.get("active") == "1"
    if number == me().id:
        abort(400)
    with transaction(engine()) as session:
        person = session.get(Staff, number) or abort(404)
        if not wanted and staff.last_admin(session, person):
            abort(400)
        person.active = wanted
        staff.end_sessions(session, number)
        if not wanted:
            lead_work.release(session, number)
        audited(session, "person", detail=f"{'on' if wanted else 'off'} {person.email}")
    return redirect(url_for("staff.people.show", number=number), 303)


@page.post("/<int:number>/sign-out")
@needs(Role.ADMIN)
def sign_out(number: int) -> ResponseReturnValue:
    """End all sessions of somebody whose browser may be in other hands."""
    with transaction(engine()) as session:
        person = session.get(Staff, number) or abort(404)
        staff.end_sessions(session, number)
        audited(session, "person", detail=f"sign out {person.email}")
    return redirect(url_for("staff.people.show", number=number), 303)


@page.post("/<int:number>/renew")
@needs(Role.ADMIN)
def renew(number: int) -> ResponseReturnValue:
    """Lost phone or forgotten password: a fresh link, a new phone at the next sign-in."""
    with transaction(engine()) as session:
        person = session.get(Staff, number) or abort(404)
        person.tf_primary_method = person.tf_totp_secret = None
        person.recovery_codes_json = "[]"
        person.password = hash_password(secrets.token_urlsafe(32))
        staff.end_sessions(session, number)
        audited(session, "person", detail=f"renew {person.email}")
    return _one(number, _link(number), "")


def _shown(link: str, problem: str, words: str = "") -> str:
    rows().rollback()  # what was read before a change is an old picture
    role, province = request.args.get("role", ""), request.args.get("province", "")
    found = staff.found(
        rows(), words=words, role=role, province=province, after=request.args.get("after", "")
    )
    after = found[SHOWN - 1].id if len(found) > SHOWN else None
    return render_template(
        "staff/people.html",
        people=found[:SHOWN],
        words=words,
        role=role,
        province=province,
        next_url=after
        and url_for(
            "staff.people.index", role=role or None, province=province or None, after=after
        ),
        link=link,
        problem=problem,
        **_choices(),
    )


def _one(number: int, link: str, problem: str) -> str:
    rows().rollback()  # as above
    person = rows().get(Staff, number) or abort(404)
    return render_template(
        "staff/person.html",
        person=person,
        signed_in=len(staff.sessions_of(rows(), number, now())),
        link=link,
        problem=problem,
        **_choices(),
    )


def _choices() -> dict[str, list[Any]]:
    everywhere = provinces_in(Scope(None))
    return {
        "provinces": everywhere,
        "offices": choices_in(everywhere),
        "roles": choices("role"),
    }


def _link(number: int) -> str:
    """Good for three days, once: it dies with the password it replaces."""
    with transaction(engine()) as session:
        person = session.get(StaffUser, number)
        token = str(generate_reset_password_token(person))  # type: ignore[no-untyped-call]  # untyped there
    return url_for("security.reset_password", token=token, _external=True)


def _places() -> tuple[list[str], list[str]]:
    """The chosen provinces and offices; an office brings its province along."""
    known, names = dict(choices("office")), set(provinces_in(Scope(None)))
    offices = [number for number in request.form.getlist("offices") if number in known]
    provinces = [name for name in request.form.getlist("provinces") if name in names]
    return sorted({*provinces, *provinces_of(offices)}), offices


def _office_name(offices: list[str]) -> str:
    """What the person is told of who looked: as typed, or the one office that was chosen."""
    typed = request.form.get("office", "").strip()[:120]
    return typed or (label("office", offices[0]) if len(offices) == 1 else "")


def _problem(email: str, name: str, role: str, provinces: list[str]) -> str:
    if "@" not in email or not name or role not in set(Role):
        return _("กรุณาใส่ชื่อ อีเมล และหน้าที่")
    if not provinces and Role(role) not in UNBOUND:
        return _("กรุณาเลือกจังหวัด")
    if staff.by_email(rows(), email) is not None:
        return _("มีบัญชีของอีเมลนี้แล้ว")
    return ""
