"""The registration on one page inside LINE (LIFF): the steps, parsers and words of the chat."""

from bot.liff.views import register

__all__ = ["register"]
