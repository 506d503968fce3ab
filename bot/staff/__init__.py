"""The staff console under /staff: officers review leads, supervisors see the whole."""

from bot.staff.setup import register

__all__ = ["register"]
