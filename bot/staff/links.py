"""Addresses behind the pictures: a page has hundreds, so what they have in common is made once."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote_plus

from flask import g, url_for

quoted = lru_cache(maxsize=2_048)(quote_plus)


def link(endpoint: str, filters: Mapping[str, str]) -> str:
    """The address of a page with these filters."""
    bases = g.setdefault("link_bases", {})
    if endpoint not in bases:
        bases[endpoint] = url_for(endpoint)
    return f"{bases[endpoint]}?" + "&".join(f"{name}={quoted(filters[name])}" for name in filters)
