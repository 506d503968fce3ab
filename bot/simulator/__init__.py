"""LINE, played on loopback: for trying the bot without an account, and for the tests."""

from bot.simulator.mounting import mount

__all__ = ["mount"]
