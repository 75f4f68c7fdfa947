# make demo: the whole path on the bundled sample newsroom.   make test: every check and test.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test coverage format train evals lock clean

demo: .venv/runtime
	$(BIN)/tracker demo

test: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

.venv/runtime: requirements/runtime.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ .venv/runtime

coverage: .venv/dev
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The weights of the reader, from gold and practice sentences; the same input gives the same file.
train: .venv/dev
	cd evals && ../$(BIN)/python fit_reader.py --folds 3 --heldout --fit dev all
	cd evals && ../$(BIN)/python fit_gate.py --fit

# What reading and resolution score on the gold.
evals: .venv/dev
	cd evals && ../$(BIN)/python fit_reader.py --heldout
	$(BIN)/python evals/fit_resolve.py

# Needs uv. The lock files hold hashes and no index addresses.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra build pyproject.toml -o requirements/runtime.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra dev --extra build pyproject.toml -c requirements/runtime.txt -o requirements/dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage db/demo.*
