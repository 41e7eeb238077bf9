# `make run` is all that a fresh machine with Python 3.11 and make needs. `make help` lists the rest.
#
#   make run                 the whole product on http://127.0.0.1:8000/, with a demo town at the first start
#   make run EMPTY=1         the same without the demo town
#   make run PORT=9000 HOST=0.0.0.0 DATA_DIR=/srv/superapp

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= 2

EMPTY ?=
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

.PHONY: help run admin test check browser faults bench lock translations catalogues clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## serve the product on this machine (EMPTY=1, HOST, PORT, DATA_DIR)
	@exec $(BIN)/python manage.py serve $(if $(EMPTY),--empty)

admin: $(VENV)/.installed ## make an administrator
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py createsuperuser

test: $(VENV)/.installed-dev ## the suite on SQLite; with DATABASE_URL and REDIS_URL, on PostgreSQL and Redis
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not browser and not faults" $(ARGS)

browser: $(VENV)/.installed-dev ## drive the product in real Chromium
	$(BIN)/python -m pytest -m browser tests/browser $(ARGS)

faults: $(VENV)/.installed-dev ## break running sites while people talk (SEEDS=10: every fault, ten times; SEED=7: again)
	$(if $(SEEDS),FAULTS=all FAULT_SEEDS=$(SEEDS)) $(if $(SEED),FAULT_SEED=$(SEED)) \
		$(BIN)/python -m pytest -m faults tests/faults $(ARGS)

check: $(VENV)/.installed-dev ## everything that needs no test: style, types, tower, migrations, schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null

bench: $(VENV)/.installed-dev ## measure, each figure beside its limit on this machine
	$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/.installed-dev ## compile requirements*.in into locks with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		-c requirements.txt requirements-dev.in -o requirements-dev.txt

translations: $(VENV)/.installed ## compile changed translations (also done at each start)
	@$(BIN)/python manage.py compile_translations

catalogues: $(VENV)/.installed ## gather the sentences to translate into locale/ (needs gettext)
	$(BIN)/python manage.py makemessages --all --no-obsolete --extension html,txt,py,jinja --ignore '.venv/*' --ignore 'var/*'

clean: ## remove the virtual environment and caches; data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Superapp needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Superapp stands on (the first time about a minute) …"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the tests stand on …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
