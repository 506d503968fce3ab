# `make` alone lists what there is. Everything obeys the environment described in README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PATHS := bot handlers nlp db tests

.DEFAULT_GOAL := help
.PHONY: help setup run test check fmt bench bench-full bench-fairness bench-hosts bench-soak bench-nlp bench-registration bench-console bench-outreach bench-answers chaos

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-20s %s\n", $$1, $$2}'

setup: $(VENV)/.installed ## prepare .venv (a few minutes the first time)

$(VENV)/.installed: requirements.txt
	@echo "[1/2] Making the virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "[2/2] Installing the pinned packages"
	@$(PIP) install --progress-bar on -q -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing the tools of the checks"
	@$(PIP) install -q -r requirements-dev.txt
	@touch $@

run: setup ## serve the bot; without LINE credentials also the simulator and a demo login
	@$(BIN)/python -m bot serve

test: $(VENV)/.installed-dev ## every check: lint, types, import rules, all tests
	@sh tests/prepare.sh
	@$(MAKE) --no-print-directory check
	@sh tests/run.sh

check: $(VENV)/.installed-dev ## lint, types and import rules only
	$(BIN)/ruff check $(PATHS)
	$(BIN)/ruff format --check $(PATHS)
	$(BIN)/mypy $(PATHS)
	$(BIN)/lint-imports

fmt: $(VENV)/.installed-dev ## format and mend what can be mended
	$(BIN)/ruff check --fix $(PATHS)
	$(BIN)/ruff format $(PATHS)

bench: $(VENV)/.installed-dev ## quick benchmarks: answers, registration, the path against peers
	@$(BIN)/python -m tests.bench.answers
	@$(BIN)/python -m tests.bench.registration
	@$(BIN)/python -m tests.bench.path

bench-full: $(VENV)/.installed-dev ## the long benchmarks of the path
	@$(BIN)/python -m tests.bench.path --full

bench-fairness: $(VENV)/.installed-dev ## what others notice of one who sends 1,000 messages at once
	@$(BIN)/python -m tests.bench.fairness

bench-hosts: $(VENV)/.installed-dev ## the database and 1 to 3 workers on hosts of their own (namespaces; needs root)
	@$(BIN)/python -m tests.bench.hosts

bench-soak: $(VENV)/.installed-dev ## half an hour at half of what the machine carries: does anything grow?
	@$(BIN)/python -m tests.bench.soak

bench-nlp: $(VENV)/.installed-dev ## understanding against NLP.js, fastText and plain TF-IDF
	@$(BIN)/python -m tests.bench.nlp

bench-registration: $(VENV)/.installed-dev ## turns and time of a registration
	@$(BIN)/python -m tests.bench.registration

bench-console: $(VENV)/.installed-dev ## the console on many leads
	@$(BIN)/python -m tests.bench.console

chaos: $(VENV)/.installed-dev ## ten minutes of kills and faults, verified by a checker
	@$(BIN)/python -m tests.chaos --minutes 10

bench-outreach: $(VENV)/.installed-dev ## a broadcast to a million, and a year of the target board
	@$(BIN)/python -m tests.bench.outreach broadcast
	@$(BIN)/python -m tests.bench.outreach board

bench-answers: $(VENV)/.installed-dev ## what an answer costs
	@$(BIN)/python -m tests.bench.answers
