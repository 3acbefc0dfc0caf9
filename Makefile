PYTHON ?= python3

.venv/.installed: requirements.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --require-hashes -r requirements.txt
	touch $@

lint: .venv/.installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

test: .venv/.installed
	.venv/bin/pytest -n 2

.PHONY: lint test
