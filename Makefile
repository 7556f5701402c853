# Data Gazette: what there is to do in a clone. Needs Python 3.11 or newer, git and make; the rest is fetched.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Which Python makes .venv: the first of these that is new enough. `make PYTHON=/opt/python/bin/python3 demo` chooses.
PYTHON := python3 python3.14 python3.13 python3.12 python3.11
PORT := 8000
# Workers of the test run, and anything else for pytest: make test WORKERS=0 ARGS="tests/register -x"
# Three for two cores: for a quarter of its time a worker waits for programs that it started.
WORKERS = $(shell $(BIN)/python -c 'import os; print(max(1, (os.cpu_count() or 1) * 3 // 2))')
ARGS :=

.DEFAULT_GOAL := help
.PHONY: help demo test test-long lint format assets wheel lock clean distclean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: $(VENV)/.run assets  ## sample records in a fresh throw-away data folder, served on http://127.0.0.1:8000
	@$(BIN)/gazette demo --port $(PORT)

test: $(VENV)/.dev assets  ## everything that can run here; what could not is named at the end
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: $(VENV)/.dev assets  ## the tests that take minutes each
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --hypothesis-profile=long -m "long or hypothesis" $(ARGS)

lint: $(VENV)/.dev  ## style, types, layers, declared dependencies
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@mkdir -p build
	@$(DECLARED) options install_requires > build/declared.txt
	@$(BIN)/deptry . --extend-exclude build --extend-exclude tests/services/validators --requirements-files build/declared.txt \
	  --package-module-name-map "$(DIFFERENTLY_NAMED)" --per-rule-ignores "DEP002=$(NOT_IMPORTED),DEP003=$(IF_THERE)"

# What is found by name rather than imported: the driver of SQLAlchemy, the templates of the pages.
NOT_IMPORTED := psycopg|govuk-frontend-jinja
DIFFERENTLY_NAMED := ruamel.yaml=ruamel
# What is used where it is installed (an extra), and done without where it is not.
IF_THERE := numpy|opensearchpy|rfc3161_client

format: $(VENV)/.dev  ## bring the code into the common form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

assets: $(VENV)/.run  ## the style sheet and script of the pages, into web/static/vendor/
	@command -v npm >/dev/null || test -x $(BIN)/npm || $(PIP) --require-hashes --requirement requirements-assets.lock
	@$(BIN)/python -m web.assets

wheel: $(VENV)/.dev assets  ## the distribution, into dist/
	@rm -rf build/lib build/bdist.* dist
	@$(BIN)/python -m build

# Each lock holds for all platforms and all supported Pythons at once, and names no index.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: $(VENV)/.run  ## newest versions into requirements*.lock and web/package-lock.json
	@$(PIP) uv
	@$(LOCK) setup.cfg --output-file requirements.lock
	@$(LOCK) setup.cfg --constraints requirements.lock --extra test --extra lint --output-file requirements-dev.lock
	@$(DECLARED) options.extras_require assets | $(LOCK) - --output-file requirements-assets.lock
	@$(LOCK) tests/services/validators/requirements.in --output-file tests/services/validators/requirements.lock
	@cd web && PATH="$$PATH:$(CURDIR)/$(BIN)" npm install --package-lock-only --omit-lockfile-registry-resolved \
	  --ignore-scripts --no-audit --no-fund --loglevel=error

# What setup.cfg declares, one requirement a line: $(DECLARED) options install_requires
DECLARED := $(BIN)/python -c 'import configparser, sys; c = configparser.ConfigParser(); c.read("setup.cfg"); print(c[sys.argv[1]][sys.argv[2]])'

clean:  ## away with everything made, but .venv
	@rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@rm -rf web/static/vendor tests/vendor
	@find catalogue register schemas web tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## away with .venv too
	@rm -rf $(VENV)

$(BIN)/python:
	@for python in $(PYTHON); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then chosen="$$python"; break; fi; \
	done; \
	if [ -z "$${chosen:-}" ]; then \
	  echo "Data Gazette needs Python 3.11 or newer, and there is none on the PATH ($(PYTHON))." >&2; \
	  echo "Install one, or say where it is: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; \
	fi; \
	if ! "$$chosen" -m venv $(VENV); then \
	  rm -rf $(VENV); \
	  echo "$$chosen cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
	fi

# The application itself is installed editable: it runs from this tree, where `make assets` puts its style sheet.
$(VENV)/.run: requirements.lock setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) …"
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what tests and checks need into $(VENV) …"
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@
