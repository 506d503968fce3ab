"""Outreach: posters, cards and links by which a village's people reach the bot."""
