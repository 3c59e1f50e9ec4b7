# `make demo` and `make test` set up what is missing first. CONTRIBUTING.md says what each target is for.
PATTERN ?= cross-organization
VOTE    ?= portal
PYTHON  ?=
WORKERS ?= 2
ROOMS   := $(wildcard __main__.py airlock components stacks emulator tools demo bench tests)
PACK    := $(wildcard policies/__main__.py policies/vault_rules)
BIN     := .venv/bin

.PHONY: setup demo test check bench clean help

help:
	@echo "make setup                     what the other targets need (they do it themselves)"
	@echo "make demo [PATTERN=cross-account] [VOTE=browser]"
	@echo "                               two organizations deployed, lost and recovered; no AWS account needed"
	@echo "make test [ARGS='-k name']     the tests"
	@echo "make check                     format, lint, types, FIDELITY.md, import rules"
	@echo "make bench                     the benchmark"
	@echo "make clean                     what was made in this folder, except the virtual environment"

setup:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then exec $$python -m tools.setup; fi; \
	done; \
	echo "Python 3.11 or later is needed and none was found. Install one (https://www.python.org/downloads/, or on Debian: apt-get install python3 python3-venv) and run this again; make setup PYTHON=/path/to/python takes one that is not on PATH." >&2; \
	exit 1

demo: setup
	@$(BIN)/python -m demo --pattern $(PATTERN) --vote $(VOTE)

test: setup
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

# One run of mypy for the pack by itself: its __main__ and the program's would be one module of that name.
check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(ROOMS)
	$(if $(PACK),$(BIN)/mypy $(PACK))
	$(BIN)/python -m tools.fidelity --check
	$(BIN)/python -m pytest -q tests/architecture

bench: setup
	@$(BIN)/python -m bench

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
