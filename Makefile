# `make` alone lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench lock system-deps clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv from the hash-pinned lock; the program is then .venv/bin/fringewatch

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP) ## Two simulated days on three invented boards, one of which dies
	$(BIN)/fringewatch demo

test: $(STAMP) ## Every test, in parallel; says what a laptop lacks
	$(BIN)/python -m pytest -n $${FRINGEWATCH_TEST_PROCESSES:-2} -rs

lint: $(STAMP) ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP) ## Measure speed, as ratios side by side in one run
	@for script in bench/*.py; do $(BIN)/python $$script || exit 1; done

lock: ## Resolve requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra thorough --group dev --group train --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --output-file requirements.lock

system-deps: ## Install what CI needs beside Python: Elasticsearch for the tests (Debian: Maven and a Java too)
	scripts/system-deps

clean: ## Remove everything that was made
	rm -rf $(VENV) var build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
