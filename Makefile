# Two commands: `make run` opens the app, `make test` passes the tests. Both install what they need into .venv first.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; \
	done)
IN_VENV := .venv/bin/python -m

.PHONY: run test lint

# One heap for all threads: pages/widgets/app/server_tuning.py says why.
run: .venv/app-installed
	MALLOC_ARENA_MAX=1 $(IN_VENV) streamlit run streamlit_app.py

test: .venv/dev-installed
	$(IN_VENV) tests.browser.chromium
	$(IN_VENV) pytest -n 2 --dist worksteal

# axe-core, from npm. Where there is no npm, the tests that need it are skipped.
ifneq ($(shell command -v npm 2>/dev/null),)
test: tests/browser/node_modules/installed
endif

lint: .venv/dev-installed
	$(IN_VENV) ruff check
	$(IN_VENV) ruff format --check
	$(IN_VENV) mypy
	.venv/bin/lint-imports

.venv/app-installed: requirements.txt requirements-serve.txt
	@test -n "$(PYTHON)" || { echo "Inkling needs Python 3.11, 3.12 or 3.13: install one, or name it with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(IN_VENV) pip install --quiet --disable-pip-version-check --requirement requirements.txt
	touch $@

.venv/dev-installed: .venv/app-installed requirements-dev.txt
	$(IN_VENV) pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	touch $@

tests/browser/node_modules/installed: tests/browser/package-lock.json
	npm ci --prefix tests/browser --no-audit --no-fund
	touch $@
