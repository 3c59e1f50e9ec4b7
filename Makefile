# `make demo` and `make test` set up what is missing first. CONTRIBUTING.md says what each target is for.
PATTERN ?= cross-organization
VOTE    ?= portal
PYTHON  ?=
# The newest first. The tests pass on each of these, and pyproject.toml names the same.
PYTHONS := 3.13 3.12 3.11
WORKERS ?= 2
ROOMS   := $(wildcard __main__.py airlock components stacks emulator tools demo bench tests)
PACK    := $(wildcard policies/__main__.py policies/vault_rules)
BIN     := .venv/bin

# What many processes import is compiled once, also where Python is told to keep no bytecode, as containers often have it.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup demo test deep journey pythons mutation check bench clean help

help:
	@echo "make setup [PYTHON=...]        what the other targets need (they do it themselves), with the newest Python"
	@echo "make demo [PATTERN=cross-account] [VOTE=browser]"
	@echo "                               two organizations deployed, lost and recovered; no AWS account needed"
	@echo "make test [ARGS='-k name']     the tests"
	@echo "make deep                      the tests that are long by nature, and twenty times as many random requests"
	@echo "make journey                   the stories, and whatever starts from their worlds, long or not"
	@echo "make pythons [ARGS=...]        the tests of the product, on every supported Python that is on PATH"
	@echo "make mutation [MUTANTS=...]    what the tests of the pure rooms do not notice, e.g. MUTANTS='airlock.domain.quorum*'"
	@echo "make check                     format, lint, types, FIDELITY.md, import rules, what nobody calls"
	@echo "make bench                     the benchmark"
	@echo "make clean                     what was made in this folder, except the virtual environments"

setup:
	@python=$$(sh tools/find_python.sh "$(PYTHONS)" "$(PYTHON)" .venv/.airlock-python) \
	  && "$$python" -m tools.setup $(if $(PYTHON),--named)

demo: setup
	@$(BIN)/python -m demo --pattern $(PATTERN) --vote $(VOTE)

test: setup
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

deep: setup
	@AIRLOCK_FUZZ=20 $(BIN)/python -m pytest -n $(WORKERS) -m "deep or fuzz" $(ARGS)

journey: setup
	@$(BIN)/python -m pytest -n $(WORKERS) -m journey $(ARGS)

# The emulator and the journeys take long and are no place where versions differ; `make setup PYTHON=...` and then
# `make test` runs them, too.
pythons:
	@tested=; failed=; \
	for version in $(PYTHONS); do \
	  python=$$(sh tools/find_python.sh $$version 2>/dev/null) || continue; \
	  echo "== Python $$version"; tested="$$tested $$version"; \
	  "$$python" -m tools.setup --environment .venvs/$$version \
	    && .venvs/$$version/bin/python -m pytest -n $(WORKERS) --ignore tests/emulator --ignore tests/journeys $(ARGS) \
	    || failed="$$failed $$version"; \
	done; \
	echo "== tested with Python:$${tested:- none of $(PYTHONS) is on PATH}; failed with:$${failed:- none}"; \
	[ -n "$$tested" ] && [ -z "$$failed" ]

# In a copy, because mutants are written into the sources. The pack's package lies there under the name by which it is
# imported, so that mutmut knows which tests run which of its functions.
mutation: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-mutation.txt
	@rm -rf build/mutation && mkdir -p build/mutation && cp -R $(ROOMS) policies pyproject.toml build/mutation/
	@ln -s policies/vault_rules build/mutation/vault_rules
	@cd build/mutation && ../../$(BIN)/mutmut run $(MUTANTS) && ../../$(BIN)/mutmut results | { grep -v ': not checked' || true; }

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
	find . -name __pycache__ -not -path './.venv*/*' -prune -exec rm -rf {} +
