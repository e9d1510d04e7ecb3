# Needs Python 3.11 or newer, git, make and a package index; sets up the rest by itself in .venv.

PYTHON ?= python3.11 python3 python
OUTPUT ?= outputs

BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help report test coverage fuzz goals findings docs lab lint lock pictures hooks clean bench

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

report: $(READY) ## write the documents of every report (OUTPUT=folder, default outputs)
	$(BIN)/reformlib render --output "$(OUTPUT)"

test: $(if $(ONLY),$(READY),lint) ## lint, then run all tests; some of them: ONLY=tests/unit/test_gaps.py, ONLY="-k pace"
	$(BIN)/python -m pytest $(or $(ONLY),-n 2 --dist loadfile --no-loadscope-reorder)

coverage: $(READY) ## which lines the unit and property tests run; fails below the floor in pyproject.toml
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --cov --cov-report=term tests/unit tests/property

fuzz: $(READY) ## draw new examples for the property tests, round after round, until one fails or Ctrl-C
	@while $(BIN)/python -m pytest -q -n 2 -m hypothesis --hypothesis-profile=fuzz $(or $(ONLY),tests/property); \
		do :; done; exit 1

bench: $(READY) ## time the batch against the commands of papermill and nbconvert (most of an hour)
	$(BIN)/python tools/bench.py

findings: ## run the surprises in findings/, a line each; installs packages, takes most of an hour; not in make test
	@failed=0; for script in findings/*.sh; do \
		if out=$$(bash "$$script" 2>&1); then word=ok; else word=CHANGED; failed=1; fi; \
		printf '%-8s %s: %s\n' "$$word" "$${script##*/}" "$$(printf '%s' "$$out" | tail -n 1)"; \
	done; exit $$failed

docs: $(READY) ## build the site of the documentation, build/docs/index.html; fails on broken links
	$(BIN)/sphinx-build -q -E -W --keep-going docs build/docs
	@echo build/docs/index.html

lab: $(READY) ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab

goals: $(READY) ## measure the pages against every goal and print the table
	$(BIN)/python -m tests.goals

lint: $(READY) ## check style, format and types, notebooks too
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python tools/typecheck.py

lock: $(READY) ## derive requirements.lock and environment.yml from pyproject.toml again
	$(BIN)/python tools/derive.py

pictures: $(READY) ## take the pictures of the gallery again (needs a Chromium)
	$(BIN)/python tools/pictures.py

hooks: $(READY) ## check style and strip notebook outputs at every commit
	$(BIN)/pre-commit install

clean: ## remove documents, builds and caches; .venv stays
	[ ! -d outputs ] || find outputs -mindepth 1 ! -name .gitkeep -delete
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis
	find . -path ./.venv -prune -o -path ./.git -prune -o \
		-type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# The candidates are run, not only looked up: a version manager's python3.11 can be there and refuse.
# The lock is installed by uv, with pip's settings of indexes and certificates: tools/install.py.
# The package itself is built without isolation, by the hatchling of the lock rather than by the newest.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

$(READY): requirements.lock pyproject.toml
	@set -e; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		found=; \
		for python in $(PYTHON); do \
			if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
			then found=$$python; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "No Python 3.11 or newer found (tried: $(PYTHON))." >&2; \
			echo "Install one, or name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; \
			exit 1; \
		fi; \
		echo "Setting up .venv with $$found (half a minute, once)"; \
		"$$found" -m venv --clear .venv; \
	else \
		echo "Bringing .venv up to date"; \
	fi
	@$(BIN)/python tools/install.py
	@$(PIP) install -q --no-user --no-deps --no-build-isolation -e .
	@touch $@
