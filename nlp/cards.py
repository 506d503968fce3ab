"""What an answer or a reply is made of, before any channel draws it: buttons, cards, tables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to tap. Exactly one of `data`, `uri`, `pick` or only `say` decides what it does.

    label: at most 20 grapheme clusters (quick reply and template limit).
    data:  postback, at most 300 characters: ``ask:<intent>?option=2``, ``reg:<step>=<value>``,
           ``do:<command>``. `say` is then what the person is seen to say.
    say:   without `data`: the text the person sends by tapping.
    uri:   a https or tel address.
    pick:  ``date`` (needs `data`), ``location``: a picker of the phone.
    """

    label: str
    data: str = ""
    say: str = ""
    uri: str = ""
    pick: str = ""
    initial: str = ""
    """For pick="date": the first date shown, ISO, Common Era."""
    min: str = ""
    max: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a card: a label at the left, its value at the right; without it a line of text."""

    label: str
    value: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A picture-like bubble: a title, rows, a note in small print, buttons (at most 4)."""

    title: str
    rows: tuple[Row, ...] = ()
    subtitle: str = ""
    note: str = ""
    buttons: tuple[Button, ...] = ()
    colour: str = ""
    """A name of the palette (option1, option2, option3, good, warn), never a colour code."""
    image: str = ""
    """Path below the bot's own public address, e.g. ``/pictures/…png``; empty: none."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from, so that a person can check it."""

    title: str
    url: str
