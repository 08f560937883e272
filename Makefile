# Guanxi. `make run` opens the app, `make test` runs every check; both work on a machine with Python 3.11, pip and make.

HOST ?= 127.0.0.1
PORT ?= 8501
DEMO ?= 1

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
VISITED_HOST := $(if $(filter 0.0.0.0 ::,$(HOST)),127.0.0.1,$(if $(findstring :,$(HOST)),[$(HOST)],$(HOST)))
ADDRESS := http://$(VISITED_HOST):$(PORT)

export PYTHONUTF8 := 1
export PYTHON

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run port test lint format audit machine bench clean always

help:
	@echo "make run     start the app (PORT=8501 HOST=127.0.0.1; DEMO=0 without the demo company)"
	@echo "make test    all checks and tests, with everything they need"
	@echo "make lint    the checks without the tests"
	@echo "make format  lay out the code and mend what can be mended by itself"
	@echo "make bench   the benchmarks"
	@echo "make clean   remove the environment and the caches; your data stays"

run: export CRM_PUBLIC_URL ?= $(ADDRESS)
run: export DEMO := $(DEMO)
run: .venv/.made port .venv/.run
	@$(BIN)/python -m crm_data init $(if $(filter 0,$(DEMO)),,--demo-if-new)
	@echo "Guanxi is at $(ADDRESS) (Ctrl+C stops it)"
	@exec $(BIN)/streamlit run app.py --server.address "$(HOST)" --server.port "$(PORT)"

port: .venv/.made
	@$(BIN)/python tools/port.py "$(HOST)" "$(PORT)"

test: .venv/.dev lint machine
	$(BIN)/python -m pytest -n 2 --dist worksteal --durations 15 \
		--cov=crm_data --cov-branch --cov-report=term:skip-covered --cov-fail-under=90

lint: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	PYTHONWARNINGS=ignore $(BIN)/deptry .
	$(BIN)/python tools/audit.py

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

machine: .venv/.dev
	$(BIN)/python tools/machine.py

bench: .venv/.dev
	@for file in $(filter-out bench/_%,$(wildcard bench/*.py)); do \
		echo "== $$file"; $(BIN)/python -m bench.$$(basename $$file .py) || exit 1; \
	done

clean:
	rm -rf .venv .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment: made once, filled again whenever the lists of packages change.
.venv/.made: tools/venv.sh $(shell test -x $(BIN)/python || echo always)
	@sh tools/venv.sh
	@touch $@

.venv/.run: .venv/.made requirements.txt constraints.txt
	@echo "Installing what the app needs (about half a minute) …"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: .venv/.made requirements.txt requirements-dev.txt constraints.txt
	@echo "Installing what the app and its checks need (about a minute) …"
	@$(PIP) -r requirements-dev.txt
	@touch .venv/.run $@
