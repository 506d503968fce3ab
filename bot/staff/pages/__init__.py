"""The pages of the console: a module each, listed here; that makes the routes and the menu."""

from flask import Blueprint

from bot.staff.pages import account, audit_log, home, lead, lead_acts, leads, queue

PAGES: tuple[Blueprint, ...] = (
    home.page,
    queue.page,
    leads.page,
    lead.page,
    lead_acts.page,
    audit_log.page,
    account.page,
)
