"""Property tests run the same examples each time, and the first look at the map may be slow."""

from hypothesis import settings

settings.register_profile("handlers", deadline=None, derandomize=True)
settings.load_profile("handlers")
