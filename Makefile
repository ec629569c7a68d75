# python3 (3.11 or later) and make are all that must be there; everything else is fetched
# once into .venv and node_modules, by the lock files.

UV_VERSION := 0.13.9
PORT ?= 8000
BIN := .venv/bin
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header
# A file at a time for each worker, the tests of the sample as one.
PYTEST := $(BIN)/pytest -q -n 3 --dist loadfile
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm

# Compiled files are kept: each worker, and each server that a test starts, would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test setup setup-dev lint lock bench shots clean sync uv

help:
	@echo "make run    set up and serve on http://127.0.0.1:$(PORT)/ (PORT=... for another)"
	@echo "make test   set up and check everything: lint, types, layers, units, PostgreSQL, browser"
	@echo "make lint · make lock · make bench · make shots · make clean"

run: setup
	@exec $(BIN)/guatu serve --port $(PORT)

test: setup-dev
	@$(BIN)/python -m tests.machine.debian
	@$(MAKE) -s lint
	@echo "== tests on PostgreSQL"
	@$(BIN)/python -m tests.machine.postgresql $(PYTEST) -m "database and not browser and not once" --ignore=tests/engines tests
	@echo "== tests on SQLite, and in the browser"
	@$(PYTEST) -m "not postgres"

lint: setup-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check -q
	@$(BIN)/python -m tests.machine.scratch $(BIN)/mypy
	@layers=$$($(BIN)/lint-imports --no-cache) || { echo "$$layers"; exit 1; }
	@$(BIN)/python -m tests.machine.scratch $(BIN)/python -m django makemigrations --check --dry-run
	@$(BIN)/python -m tests.machine.scratch $(BIN)/python -m django check --deploy --fail-level WARNING

bench: setup-dev
	@for script in bench/*.py; do [ -e "$$script" ] || continue; echo "== $$script"; $(BIN)/python -m "bench.$$(basename $$script .py)" || exit 1; done

# The pictures of the README, from a fresh sample.
shots: setup-dev
	@$(BIN)/python -m tests.machine.shots

# What is installed is remembered as a copy of its lock file: a second run compares and goes on.
setup: uv
	@cmp -s requirements.lock .venv/synced.lock || cmp -s requirements-dev.lock .venv/synced.lock \
		|| $(MAKE) -s sync LOCK=requirements.lock
	@cmp -s pyproject.toml .venv/installed.toml || { \
		$(UV) pip install -q --no-deps --no-build-isolation -e . && cp pyproject.toml .venv/installed.toml; }
	@cmp -s package-lock.json node_modules/.run.json || cmp -s package-lock.json node_modules/.dev.json \
		|| { $(NPM) ci --silent --omit=dev && cp package-lock.json node_modules/.run.json; }

setup-dev: uv
	@cmp -s requirements-dev.lock .venv/synced.lock || $(MAKE) -s sync LOCK=requirements-dev.lock
	@$(MAKE) -s setup
	@cmp -s package-lock.json node_modules/.dev.json \
		|| { $(NPM) ci --silent && cp package-lock.json node_modules/.dev.json; }

sync:
	@rm -f .venv/installed.toml
	$(UV) pip sync -q --require-hashes $(LOCK)
	@cp $(LOCK) .venv/synced.lock

uv:
	@[ "$$($(BIN)/uv --version 2>/dev/null | cut -d' ' -f2)" = "$(UV_VERSION)" ] || { \
		python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version)' \
		&& { python3 -m venv .venv || { echo "python3 lacks venv (Debian: apt-get install python3-venv)" >&2; exit 1; }; } \
		&& $(BIN)/python -m pip install -q --disable-pip-version-check "uv==$(UV_VERSION)"; }

lock: uv
	$(COMPILE) --upgrade pyproject.toml --group setup -o requirements.lock
	$(COMPILE) --upgrade pyproject.toml --group setup --group dev -c requirements.lock -o requirements-dev.lock
	@$(MAKE) -s setup
	$(NPM) install --package-lock-only --silent

clean:
	rm -rf .venv node_modules build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
