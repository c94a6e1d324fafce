# 打非一张图: the commands. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test test-long bench bundle lock check clean

# The first Python that is new enough; `make PYTHON=...` names another.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
TOOL = $(or $(PYTHON),$(error Python 3.11 or newer is needed: install python3.11 and python3.11-venv, then run make again)) -m tools

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile | expand -t 20

setup: ## Install everything into .venv and assets/vendor
	@$(TOOL).set_up

run: ## Set up, build the demo district, serve http://127.0.0.1:8050
	@$(TOOL).serve_demo

test: ## Set up, then run every test but the long ones
	@$(TOOL).run_tests

test-long: ## Run the long tests only
	@$(TOOL).run_tests -m long --timeout=1800 -o faulthandler_timeout=1700

bench: ## Measure the map and the server
	@$(TOOL).set_up --tests
	@.venv/bin/python benchmarks/map.py
	@.venv/bin/python benchmarks/server.py

bundle: ## Write dist/onemap-VERSION, which installs and starts without a network
	@$(TOOL).set_up
	@.venv/bin/python -m tools.make_bundle

lock: ## Pin every package again after a change of requirements/*.in or package.json
	@$(TOOL).lock_packages

check: ## Check the style of the code
	@$(TOOL).set_up --tests
	@.venv/bin/python -m ruff check .

clean: ## Remove what was built; the demo database in var/ stays
	rm -rf .venv node_modules assets/vendor dist build .pytest_cache .ruff_cache
