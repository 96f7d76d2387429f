# Paper Assistant. `make run` starts it, `make test` tests it; `make help` lists the rest.

SHELL     := /bin/bash -euo pipefail
VENV      := .venv
BIN       := $(VENV)/bin
HOST      ?= 127.0.0.1
PORT      ?= 7860
BENCH     ?= table
INSTALLER ?= uv

# The first Python on the path that is new enough; `make PYTHON=...` names another.
PYTHON    ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# Some shells forbid Python to save compiled modules; without them every start is seconds slower.
unexport PYTHONDONTWRITEBYTECODE
# A browser that playwright has to fetch is kept inside $(VENV), so `make clean` removes it too.
export PLAYWRIGHT_BROWSERS_PATH := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DELETE_ON_ERROR:
.PHONY: help install run test check browser bench constraints clean

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/installed ## set up .venv with what the program needs, pinned by constraints.txt

run: install ## set up once, then serve the page on HOST and PORT (127.0.0.1:7860)
	@exec $(BIN)/paper-assistant serve --host $(HOST) --port $(PORT)

test: check browser ## set up what tests need, check the code, run the tests (ARGS for pytest)
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile \
		--max-worker-restart 0 $(ARGS)

check: $(VENV)/installed-dev ## format, lint and types
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy

bench: $(VENV)/installed-bench ## one table beside other systems (ARGS=--quick: two minutes; BENCH=speed: another)
	@for file in $$(grep -l __main__ tests/bench/$(BENCH).py); do \
		name=$$(basename $$file .py); echo "== $$name"; $(BIN)/python -m tests.bench.$$name $(ARGS); done

clean: ## remove what the targets above made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

# --- set-up: each stamp file is newer than what it was made from, so nothing is done twice ---

$(VENV)/made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/made constraints.txt pyproject.toml
	@echo "Installing the pinned packages into $(VENV) (the first time: about 200 MB to fetch)"
	@$(call install_section,run)
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing what the checks and tests need"
	@$(call install_section,dev)
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed-dev
	@echo "Installing what the measurements compare with"
	@$(call install_section,bench)
	@touch $@

# Every file fetched must match a hash in constraints.txt. uv is several times faster than pip but
# reads none of pip's settings: where those name an index, or where uv fails, pip does the work.
# Files are copied, because nltk refuses to read those that uv would link to its cache.
section = sed -n '/^\# \[$(1)\]/,/^\# \[/p' constraints.txt > $(VENV)/$(1).txt
pins    = --quiet --require-hashes --no-deps --requirement $(VENV)/$(1).txt
define install_section
	$(call section,uv); $(call section,$(1)); \
	by_uv() { \
		test $(INSTALLER) = uv && \
		! $(BIN)/pip config list | grep -qE '\.(index-url|no-index|proxy)=' && \
		$(BIN)/pip install $(call pins,uv) && \
		$(BIN)/uv pip install --python $(BIN)/python --compile-bytecode \
			--link-mode copy $(call pins,$(1)); \
	}; \
	by_uv || { echo "pip does it (slower than uv)"; $(BIN)/pip install $(call pins,$(1)); }
endef

# Chromium without its windows opens a page at half the cost: the one that is there, Debian's, else
# any Chrome or Chromium that is there, else the one playwright brings.
browser: $(VENV)/installed-dev ## find or install a browser for the tests
	@there() { for name in "$$@"; do if command -v "$$name" > /dev/null; then exit 0; fi; done; }; \
	there $(CHROMIUM) chromium-headless-shell; \
	as_root=$$(test $$(id -u) = 0 || echo sudo -n); \
	if grep -qs '^ID=debian' /etc/os-release && $$as_root true 2> /dev/null; then \
		echo "Installing Debian's chromium-headless-shell for the browser tests"; \
		$$as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install \
			-qq -y --no-install-recommends chromium-headless-shell > /dev/null && exit 0; fi; \
	there chromium chromium-browser google-chrome chrome; \
	echo "Installing playwright's chromium for the browser tests"; \
	$(BIN)/playwright install chromium

# --- pins ---

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-annotate --no-header --no-emit-index-url $(UPGRADE)
# The pins of a file that are in none of some others.
besides = cat $(patsubst %,$(VENV)/%.pins,$(1)) | awk 'NR == FNR { if (/==/) seen[$$1]; next } \
	/==/ { new = !($$1 in seen) } new' - $(VENV)/$(2).pins
define PINS_HEADER
# What every installation gets: name==version with the hashes of all its files, for each system and
# Python from 3.11 on. Written by `make constraints`, which keeps a version for as long as it fits
# pyproject.toml; `make constraints UPGRADE=--upgrade` takes the newest that fit.
# Four sections: uv, the installer; run, what the program needs and what builds it; dev, what
# checks and tests need besides; bench, what measurements need besides those.
endef
export PINS_HEADER

constraints: $(VENV)/made ## write constraints.txt anew from pyproject.toml (UPGRADE=--upgrade: newest)
	@$(BIN)/pip install --quiet uv
	@for section in uv run dev bench; do cp constraints.txt $(VENV)/$$section.pins; done
	@echo uv | $(COMPILE) - -o $(VENV)/uv.pins
	@echo hatchling | $(COMPILE) pyproject.toml - -o $(VENV)/run.pins
	@$(COMPILE) --extra dev --constraint $(VENV)/run.pins pyproject.toml -o $(VENV)/dev.pins
	@$(COMPILE) --extra dev --extra bench --constraint $(VENV)/run.pins \
		--constraint $(VENV)/dev.pins pyproject.toml -o $(VENV)/bench.pins
	@{ echo "$$PINS_HEADER"; \
		echo; echo "# [uv]"; cat $(VENV)/uv.pins; \
		echo; echo "# [run]"; cat $(VENV)/run.pins; \
		echo; echo "# [dev]"; $(call besides,run,dev); \
		echo; echo "# [bench]"; $(call besides,run dev,bench); \
	} > $(VENV)/constraints.txt
	@mv $(VENV)/constraints.txt constraints.txt
	@echo "constraints.txt pins $$(grep -c == constraints.txt) packages"
