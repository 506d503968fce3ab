"""The pages of the console: a module each, listed here; that makes the routes and the menu."""

from flask import Blueprint

from bot.staff.pages import (
    account,
    audit_log,
    board,
    broadcast,
    bulk,
    campaigns,
    dashboard,
    events,
    export,
    home,
    lead,
    lead_acts,
    leads,
    people,
    questions,
    queue,
    requests,
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
    requests.page,
    views.page,
    bulk.page,
    export.page,
    dashboard.page,
    questions.page,
    people.page,
    campaigns.page,
    events.page,
    board.page,
    broadcast.page,
    audit_log.page,
    account.page,
)
