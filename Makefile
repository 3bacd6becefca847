# Four commands: `make demo` (try everything), `make test`, `make check` (all that CI does), `make bench`.
# Each sets up what it needs in .venv and may be called again at any time, also after it was interrupted.
# Some of the tests: make test PYTEST_ARGS="tests/unit -q". Some of the benchmarks, small: make bench
# BENCH_ARGS="--quick updates". Another Python: make PYTHON=/path/to/python3.12

PYTHON ?= python3
VENV := .venv
# Two at a time; each worker runs its own sandboxes and databases. More make what is timed fail.
PYTEST_ARGS ?= -n 2 -q
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Empty while there is no environment, or one in which nothing can be installed.
USABLE := $(shell $(BIN)/python -c 'import pip._internal.cli.main' 2>/dev/null && echo yes)

.PHONY: install demo test check bench clean new-venv

install: $(VENV)/ready-run
	@echo "Installed: $(BIN)/pinfeather --help"

demo: $(VENV)/ready-run
	@$(BIN)/pinfeather sandbox

test: $(VENV)/ready-test
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/ready-check
	@echo "— types";     $(BIN)/mypy
	@echo "— lint";      $(BIN)/ruff check
	@echo "— format";    $(BIN)/ruff format --check
	@echo "— contracts"; $(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

bench: $(VENV)/ready-test
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

clean:
	rm -rf $(VENV) .demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Later sets contain the earlier ones (requirements/*.txt are compiled from pyproject.toml, with hashes).
$(VENV)/ready-run: requirements/run.txt pyproject.toml $(if $(USABLE),,new-venv)
	@echo "— installing what the bot needs (a minute, once)"
	@$(PIP) --require-hashes -r $<
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-test: requirements/test.txt $(VENV)/ready-run
	@echo "— installing what the tests need (a minute, once)"
	@$(PIP) --require-hashes -r $<
	@touch $@

$(VENV)/ready-check: requirements/check.txt $(VENV)/ready-test
	@echo "— installing what the checks need (once)"
	@$(PIP) --require-hashes -r $<
	@touch $@

new-venv:
	@deploy/machine-check $(PYTHON)
	@echo "— making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
