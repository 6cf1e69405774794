# make demo: the portal on this machine.  make test: everything that must hold.  make fix: format.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
RUN := $(VENV)/bin
export HELPDESK_MODE ?= demo
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check fix docs browser

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

# The browser of the journeys: Debian's Chromium, or the one named by CHROMIUM
browser:
	@./scripts/ensure_chromium

check: $(VENV)/.made-dev
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	HELPDESK_CLUSTER=postgres-test $(RUN)/python manage.py makemigrations --check --dry-run
	./scripts/check_deploy $(RUN)/python

test: check browser
	$(RUN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

fix: $(VENV)/.made-dev
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

docs: $(VENV)/.made
	HELPDESK_CLUSTER=postgres-test $(RUN)/python manage.py document_workflow
