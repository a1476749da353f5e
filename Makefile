# Everything here runs in .venv, which is set up on first use and again only when the requirements change.
#   make demo        start a server, a worker and a deployment on a schedule, and show its runs arrive
#   make test        run the tests that a change must pass
#   make check       format, lint, types, import contracts, architecture tests, documentation
#   make test-long   run the tests that take minutes: those marked so, and the property tests with many more examples
#   make kills       kill servers and databases under load at random: SEED says which way, ROUNDS how often
#   make full-size   race for slots, and ask for runs, as often as the page of faults says: an hour
#   make bench       measure Penstock beside its peers
#   make bench-server   measure the server on full databases
#   make ui          check the dashboard's sources, as far as Node is there
#   make docs        build the documentation into docs/_build/html
#   make lock        resolve requirements/dev.lock again from pyproject.toml
#   make format      format the code and mend what ruff can mend

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
WORKERS ?= 2

# Byte code is part of a cheap start: let every command below write it, whatever the caller's shell says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test check ui test-long full-size kills bench bench-server docs lock format format-check lint types imports architecture clean

setup: $(STAMP)

$(STAMP): pyproject.toml requirements/dev.lock scripts/set-up src/penstock/core/version.py
	scripts/set-up "$(PYTHON)" .venv
	touch $@

demo: $(STAMP)
	$(BIN)/python examples/demo.py

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test-long: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "long or hypothesis" --hypothesis-profile long

full-size: $(STAMP)
	FULL_SIZE=1 $(BIN)/python -m pytest -m long -o faulthandler_timeout=0 \
		tests/faults/server/test_claim_races.py tests/faults/server/test_creates_and_polls.py

kills: SEED ?= $(shell date +%s)
kills: ROUNDS ?= 1000
kills: $(STAMP)
	KILLS_SEED=$(SEED) KILLS_ROUNDS=$(ROUNDS) $(BIN)/python -m pytest -m long -s -o faulthandler_timeout=0 \
		tests/faults/server/test_kill_loop.py

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

bench-server: $(STAMP)
	$(BIN)/python benchmarks/run_server.py $(OPTIONS)

check: format-check lint types imports docs architecture ui

format-check: $(STAMP)
	$(BIN)/ruff format --check .

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/python -m mypy

imports: $(STAMP)
	$(BIN)/lint-imports

architecture: $(STAMP)
	$(BIN)/python -m pytest tests/architecture tests/typing

ui: $(STAMP)
	scripts/ui-check

docs: $(STAMP)
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

lock: $(STAMP)
	scripts/lock

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache docs/_build
