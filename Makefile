# `make demo` and `make test` do all their own set-up on a fresh machine; the rest assumes `make test` ran once.
PYTHON_ENV = .venv/bin/python
# Processes of `make test`: what CI has. A file's tests stay together, in one process: they share what they load.
JOBS ?= 2
.PHONY: demo test check check-setup lint types imports format long bench clean help

help: ## List the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

demo: ## Audit four invented organisations offline into demo-output/
	@sh scripts/setup.sh demo
	@$(PYTHON_ENV) -m sovscan demo demo-output

test: ## Run the tests
	@sh scripts/setup.sh test
	@$(PYTHON_ENV) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check-setup: ## Set up the development environment
	@sh scripts/setup.sh test

check: lint types imports ## Everything a machine can say about the code

lint: ## Style
	@$(PYTHON_ENV) -m ruff check . && $(PYTHON_ENV) -m ruff format --check .

types: ## Types
	@$(PYTHON_ENV) -m mypy

imports: ## Who may import whom
	@$(PYTHON_ENV) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

format: ## Rewrite the code in house style
	@$(PYTHON_ENV) -m ruff check --fix . ; $(PYTHON_ENV) -m ruff format .

long: ## The long versions of the property tests and the decoder comparison
	@SOVSCAN_EXAMPLES=20000 $(PYTHON_ENV) -m pytest -m "slow or not slow"

bench: ## Measure the engine beside its peers, on loopback
	@for script in dns_engine dns_latency asn_table decoder_agreement; do $(PYTHON_ENV) -m benchmarks.$$script; done

clean: ## Remove everything the targets made
	rm -rf .venv demo-output build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
