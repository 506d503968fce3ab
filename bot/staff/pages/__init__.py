"""The pages of the console: a module each, listed here; that makes the routes and the menu."""

from flask import Blueprint

from bot.staff.pages import (
    account,
    audit_log,
    board,
    bulk,
    campaigns,
    dashboard,
    export,
    home,
    lead,
    lead_acts,
    leads,
    people,
    questions,
    queue,
    sheets,
    views,
)

PAGES: tuple[Blueprint, ...] = (
    home.page,
    queue.page,
    leads.page,
    lead.page,
    lead_acts.page,
    sheets.page,
    views.page,
    bulk.page,
    export.page,
    dashboard.page,
    questions.page,
    people.page,
    campaigns.page,
    board.page,
    audit_log.page,
    account.page,
)
