"""A real HTTP server on loopback that answers as LINE does, for every test that needs one.

    with FakeLine() as line:
        client = LineClient(line.token, line.url)

The rules are the simulator's; this adds a server, faults on demand and a record of what arrived.
"""

from tests.fake_line.server import FakeLine, Fault, Received

__all__ = ["FakeLine", "Fault", "Received"]
