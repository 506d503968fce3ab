#!/bin/sh
# All tests, two at a time where they are independent; the browser and chaos tests by themselves, since they
# want the machine's two cores. What drives a real browser may be tried once more (and says so, "R"): a machine
# that stalls for seconds is no fault of the page.
set -eu
py=.venv/bin/python
$py -m pytest -q -n 2 -m "not browser and not chaos" tests
$py -m pytest -q -m browser --reruns 1 tests
$py -m pytest -q -m chaos tests
