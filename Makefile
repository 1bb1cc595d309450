# Every target makes its own environment when it is missing: `make demo` and `make test` work on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo test check campaigns bench image lock supply format docs guide clean

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

demo: $(INSTALLED)  ## score a real book, then explain one score
	@# Status 3 says that some queries did not resolve: the book holds a typo and an unknown on purpose.
	$(BIN)/exposure score data/examples/book.csv --as-of 2026-07-31 || test $$? -eq 3
	@echo
	$(BIN)/exposure explain 8035.T --as-of 2024-09-02 --top 4

test: $(INSTALLED)
	$(BIN)/pytest -n 2

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache

campaigns: $(INSTALLED)  ## damaged files, kills, generated requests, an hour of load, the study on noise: hours, loopback only
	$(BIN)/python -m tests.campaigns.files
	$(BIN)/python -m tests.campaigns.kills
	$(BIN)/python -m tests.campaigns.work
	$(BIN)/python -m tests.campaigns.service
	$(BIN)/python -m tests.campaigns.service --soak 3600 --rate 3
	$(BIN)/python -m tests.campaigns.noise

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks

image:  ## build the container, run it as its users would, say its size; status 77: nothing here can build one
	.ci/image || test $$? -eq 77

lock: $(INSTALLED)  ## renew requirements.lock from constraints.txt
	.ci/lock

supply: $(INSTALLED)  ## bill of materials, advisories, licences
	.ci/supply

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(INSTALLED)  ## regenerate what is generated
	$(BIN)/python -m scoring.reference.dictionary > docs/data-dictionary.md
	$(BIN)/python -m scoring.columns_document > docs/columns.md
	$(BIN)/python -m scoring.studies.statements_report > docs/validation.md
	$(BIN)/python -m scoring.studies.estimates_report > docs/estimates.md

guide: $(INSTALLED)  ## the documentation as a site, in build/guide
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --clean

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
