#!/bin/sh
# All tests, two at a time where they are independent; the browser and chaos tests by themselves, since they
# want the machine's two cores.
set -eu
py=.venv/bin/python
$py -m pytest -q -n 2 -m "not browser and not chaos" tests
$py -m pytest -q -m "browser or chaos" tests
