# The commands that README names. `make run` needs Python 3.11 or newer and nothing else.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# WHEELHOUSE=build/wheelhouse installs from what `make wheelhouse` put there, and from no network.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	$(if $(WHEELHOUSE),--no-index --find-links $(WHEELHOUSE))
HOUSE := build/wheelhouse
SOURCES := cdtteam tests translations $(wildcard benchmarks wsgi.py)
WORKERS ?= 2
.DEFAULT_GOAL := help

.PHONY: help
help: ## lists these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 22

.PHONY: run
run: $(VENV)/ready ## starts the application with the demonstration province, and prints its address and sign-ins
	@exec $(BIN)/python -m cdtteam.serve

# Environments. A stamp file tells that they match the locked versions; a second start does no work.

$(VENV)/ready: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and was not found." >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making $(VENV)"; "$(PYTHON)" -m venv $(VENV); } || { rm -rf $(VENV); \
		echo "Python cannot make a virtual environment here (on Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Installing what the application needs$(if $(WHEELHOUSE), from $(WHEELHOUSE))"
	@$(if $(WHEELHOUSE),cd $(WHEELHOUSE) && sha256sum --quiet --check SHA256SUMS,true)
	@$(PIP) -r requirements.txt
	@touch $@

.PHONY: install
install: $(VENV)/ready ## installs what the application needs

# http-ece comes as source alone; setuptools and wheel, requirements for its sake, build it where there is no network.
# For another machine: make wheelhouse FOR="--python-version 3.12 --platform manylinux_2_28_x86_64"
.PHONY: wheelhouse
wheelhouse: $(VENV)/ready ## fills build/wheelhouse for machines without a network
	@rm -rf $(HOUSE).part && mkdir -p $(HOUSE).part
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
		--only-binary :all: --no-binary http-ece -r requirements.txt -d $(HOUSE).part $(FOR)
	@cd $(HOUSE).part && sha256sum *.whl *.tar.gz > SHA256SUMS
	@rm -rf $(HOUSE) && mv $(HOUSE).part $(HOUSE)
	@echo "$$(wc -l < $(HOUSE)/SHA256SUMS) packages are in $(HOUSE). There: make install WHEELHOUSE=build/wheelhouse"

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt
	@echo "Installing what the tests need"
	@$(PIP) -r requirements-dev.txt
	@touch $@

.PHONY: deps-test
deps-test: $(VENV)/ready-dev ## installs what the tests need, on Debian as root the system's packages too
	@bash .ci/system-packages
	@$(MAKE) --no-print-directory node_modules/ready

# Without Node the parts that need it say so themselves.
node_modules/ready: package.json package-lock.json
	@! command -v npm >/dev/null || { echo "Installing the type checker and axe"; npm ci --silent && touch $@; }

# Tests and checks.

.PHONY: test
test: deps-test ## runs every test, on SQLite, PostgreSQL and in Chromium
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations 40

CHECKS := check-style check-types check-floors check-javascript check-texts check-pins

.PHONY: check $(CHECKS)
check: $(CHECKS) ## lint, types, floors, translations, vendored files, lock files
	@echo "All checks passed."

$(CHECKS): deps-test

check-style:
	$(BIN)/ruff format --check --quiet $(SOURCES)
	$(BIN)/ruff check --quiet $(SOURCES)

check-types:
	$(BIN)/mypy

check-floors:
	$(BIN)/lint-imports --no-logo

check-javascript:
	@if test -x node_modules/.bin/tsc; then \
		echo "tsc -p tsconfig.field.json" && node_modules/.bin/tsc -p tsconfig.field.json && \
		echo "tsc -p tsconfig.sw.json" && node_modules/.bin/tsc -p tsconfig.sw.json; \
	else echo "NOT RUN: tsc cannot run: Node and npm are needed"; test "$$CI" != true; fi

check-texts:
	$(BIN)/python -m translations.catalogue check

check-pins:
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_vendor.py tests/test_lockfiles.py

.PHONY: format
format: $(VENV)/ready-dev ## formats the Python code
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix --quiet $(SOURCES)

.PHONY: bench
bench: deps-test ## measures the figures of README's performance table
	$(BIN)/python -m benchmarks.run

.PHONY: screens
screens: deps-test ## takes a picture of every screen, below build/screens
	$(BIN)/python -m tests.e2e.screens

.PHONY: messages
messages: $(VENV)/ready-dev ## takes new texts up into the catalogues
	$(BIN)/python -m translations.catalogue update

.PHONY: messages-prune
messages-prune: $(VENV)/ready-dev ## drops texts that are no longer used from the catalogues
	$(BIN)/python -m translations.catalogue prune

# A new environment holds the compiler of the lock files, so that it is no part of what the tests install.
.PHONY: lock
lock: ## locks the newest versions that requirements*.in allow
	@test -x build/lock/bin/uv || { "$(PYTHON)" -m venv build/lock && build/lock/bin/pip install --quiet uv; }
	@for part in requirements requirements-dev; do build/lock/bin/uv pip compile $$part.in --upgrade --quiet --universal \
		--python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -o $$part.txt || exit 1; done
