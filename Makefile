# make demo: the portal on this machine.  make test: everything that must hold.  make fix: format.
# make docs: docs/ticket-workflow.md, and the guides and films in docs/published.
# make drills: break a real portal in every way we know, and write docs/drills.md.
# make bench: what everything costs with 10,000, 100,000 and 1,000,000 tickets; writes docs/scale.md.
# make smoke: the portal as production runs it (nginx, PgBouncer, PostgreSQL 15), on loopback.
# make backup: an encrypted copy of database and files; make restore puts it back.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
RUN := $(VENV)/bin
export HELPDESK_MODE ?= demo
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check fix docs browser scanner compiler docs-tools bench drills servers smoke \
	backup restore

$(VENV)/.made: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv $(VENV)
	$(RUN)/pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/.made-dev: requirements-dev.txt $(VENV)/.made
	$(RUN)/pip install --quiet --requirement requirements-dev.txt
	@touch $@

demo: $(VENV)/.made
	@PORT=$(PORT) PATH="$(abspath $(RUN)):$$PATH" ./scripts/demo

# The browser of the journeys: Debian's Chromium without windows, or the one named by CHROMIUM
browser:
	@./scripts/ensure_chromium

# The virus scanner of the tests: Debian's clamd, with two signatures of their own
scanner:
	@./scripts/ensure_clamd

check: $(VENV)/.made-dev
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	HELPDESK_CLUSTER=postgres-test $(RUN)/python manage.py makemigrations --check --dry-run
	./scripts/check_deploy $(RUN)/python
	$(RUN)/bandit --quiet --recursive accounts tickets faq dashboard helpdesk guidebook deploy scripts
	PATH="$(abspath $(RUN)):$$PATH" $(RUN)/python scripts/check_advisories.py

test: check browser scanner
	$(RUN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# The clock that jumps is a small library in C
compiler:
	@./scripts/ensure_compiler

drills: $(VENV)/.made-dev compiler
	$(RUN)/python -m pytest tests/drills -m "drill or not drill" --write-drills docs/drills.md

bench: $(VENV)/.made
	$(RUN)/python -m bench $(BENCH)

# Debian's nginx, PgBouncer and PostgreSQL
servers:
	@./scripts/ensure_servers

smoke: $(VENV)/.made-dev browser servers
	$(RUN)/python -m smoke

backup: $(VENV)/.made
	$(RUN)/python manage.py backup

# Of the newest backup, or: make restore FILE=… KEY=… and REPLACE=1 to lose what is there
restore: $(VENV)/.made
	$(RUN)/python manage.py restore $(FILE) $(if $(KEY),--identity $(KEY)) $(if $(REPLACE),--replace)

fix: $(VENV)/.made-dev
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

$(VENV)/.made-docs: requirements-docs.txt $(VENV)/.made-dev
	$(RUN)/pip install --quiet --requirement requirements-docs.txt
	@touch $@

docs-tools: $(VENV)/.made-docs
	@./scripts/ensure_docs_tools $(RUN)/python

# Twice through the journeys of the guides: once for pictures, once for films
JOURNEYS := $(RUN)/python -m pytest tests/journeys/guide -n auto --dist load
docs: docs-tools browser
	HELPDESK_CLUSTER=postgres-test $(RUN)/python manage.py document_workflow
	rm -rf pictures/guide pictures/film
	PICTURES=1 $(JOURNEYS)
	FILM=1 $(JOURNEYS) -m film
	HELPDESK_CLUSTER=postgres-test DJANGO_SETTINGS_MODULE=helpdesk.settings $(RUN)/python -m guidebook
