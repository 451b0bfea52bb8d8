# Chiso. `make help` says what each target is for.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The newest Python that really runs (a name may be a shim of a version that is not active) and can make environments.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
  $$p -c 'import ensurepip, venv' >/dev/null 2>&1 && command -v $$p && break; done)
SERVE ?= 1
SIZE ?= small
NAME ?= line
export PYTHONDONTWRITEBYTECODE :=
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := 1
export PYTHONUTF8 := 1

BIN := .venv/bin
CHISO := $(BIN)/chiso

.PHONY: help demo test check dev bench docs lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  make %-8s %s\n", $$1, $$2}'
	@echo
	@echo "  SERVE=0 ends the demo without serving; NAME=… SIZE=small|full JSON=1 choose a benchmark."

demo: .venv/.ready .venv-superset/.ready ## Run the whole line on real input, then serve Dagster and Superset until Ctrl-C
	$(CHISO) demo $(if $(filter 0,$(SERVE)),--no-serve)

# Three workers on two cores: tests wait for servers, disks and processes a fifth of their time.
test: .venv/.ready .venv-superset/.ready .venv-spark/.ready ## Run every test
	$(if $(ARGS),$(BIN)/python -m pytest $(ARGS),\
	  $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not alone" && $(BIN)/python -m pytest -m alone)

check: .venv/.ready ## Lint, type-check, hold the architecture, compare generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/sqlfluff lint dbt_project/models --disable-progress-bar -p 0
	$(CHISO) generate --check
	$(CHISO) lint

dev: .venv/.ready .venv-superset/.ready ## Open Dagster on the data folder, with its sensor and schedules
	$(CHISO) dev

bench: .venv/.ready .venv-superset/.ready $(if $(filter extract intake,$(NAME)),.venv-bench/.ready) ## Run benchmarks/NAME.py and print its table
	$(BIN)/python -m benchmarks.$(NAME) --size $(SIZE) $(if $(JSON),--json)

docs: .venv/.ready ## Build the documentation site in site/
	$(CHISO) docs

lock: .venv/.ready ## Resolve the environments anew (hashes, no index address)
	$(BIN)/uv pip compile pyproject.toml --group build --group demo --group docs --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -q -o requirements.lock
	$(BIN)/uv pip compile superset_config/requirements.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -q -o superset_config/requirements.lock
	$(BIN)/uv pip compile dbt_project/spark/requirements.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -q -o dbt_project/spark/requirements.lock
	$(BIN)/uv pip compile benchmarks/requirements.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -q -o benchmarks/requirements.lock

clean: ## Remove environments, data and everything built
	rm -rf .venv .venv-superset .venv-spark .venv-bench data site dbt_project/target dbt_project/logs .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The environments. uv itself comes from the lock, by pip and with its hashes, and installs the rest.
define make_environment
	@test -n "$(PYTHON)" || { echo "No Python with venv: apt-get install python3 python3-venv"; exit 1; }
	@"$(PYTHON)" -c 'import sys; ok = (3, 11) <= sys.version_info[:2] <= (3, 13); \
	  sys.exit(0 if ok else f"Chiso needs Python 3.11, 3.12 or 3.13; {sys.executable} is {sys.version.split()[0]}. Name another: make PYTHON=python3.12")'
	@echo "Making $(1) …"
	@"$(PYTHON)" -m venv --clear $(1)
endef

.venv/.ready: requirements.lock pyproject.toml
	$(call make_environment,.venv)
	@awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements.lock > .venv/uv.txt
	@.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.txt
	@.venv/bin/uv pip sync -q -p .venv/bin/python --require-hashes --compile-bytecode requirements.lock
	@.venv/bin/uv pip install -q -p .venv/bin/python --no-deps --no-build-isolation -e .
	@touch $@

.venv-superset/.ready: superset_config/requirements.lock .venv/.ready
	$(call make_environment,.venv-superset)
	@.venv/bin/uv pip sync -q -p .venv-superset/bin/python --require-hashes --compile-bytecode superset_config/requirements.lock
	@touch $@

# Contenders of the benchmarks `extract` and `intake` that are not in our lock: dlt, connectorx, frictionless.
.venv-bench/.ready: benchmarks/requirements.lock .venv/.ready
	$(call make_environment,.venv-bench)
	@.venv/bin/uv pip sync -q -p .venv-bench/bin/python --require-hashes --compile-bytecode benchmarks/requirements.lock
	@touch $@

# What runs the models on Spark; only the tests need it, and Java beside it.
.venv-spark/.ready: dbt_project/spark/requirements.lock .venv/.ready
	$(call make_environment,.venv-spark)
	@.venv/bin/uv pip sync -q -p .venv-spark/bin/python --require-hashes --compile-bytecode dbt_project/spark/requirements.lock
	@touch $@
