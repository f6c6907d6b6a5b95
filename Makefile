# The two commands of the README, and what a developer needs. GNU make 3.81 and a POSIX sh are enough.
# `PYTHON=…` names the interpreter that makes .venv; each group has a stamp in .venv, so nothing is installed twice.
PYTHON ?= python3
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DEFAULT_GOAL := help
.PHONY: help report test test-long bench lab lint hooks lock clean

PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
FAILED = { echo "L'installation a échoué (message ci-dessus) : vérifiez l'accès au dépôt de paquets, puis relancez." >&2; exit 1; }

help: ## cette aide
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

report: .venv/.run ## des données brutes aux pages HTML (outputs/index.html)
	@.venv/bin/ose build

# Three at a time on two cores: a test that runs a notebook mostly waits for its kernel. One opens JupyterLab. Each works
# on neighbours, which share what they need, and takes some of another's when it has no more.
test: .venv/.lab .venv/.test ## les tests courts
	@.venv/bin/python -m pytest -m "not long" -n 3 --dist worksteal

test-long: .venv/.lab .venv/.test ## les tests longs
	@.venv/bin/python -m pytest -m long

# Each peer goes into an environment of its own, .venv/bench; what is measured is kept there, RESUME=1 goes on from it.
bench: .venv/.test ## mesure la construction à côté d'autres outils, et l'écrit dans le README ; FULL=1 : tout
	@.venv/bin/python -m tests.bench $(if $(FULL),--tout) $(if $(RESUME),--reprendre)

lab: .venv/.lab ## JupyterLab sur les notebooks
	@.venv/bin/ose lab

lint: .venv/.test ## la mise en forme, vérifiée sans rien modifier
	@.venv/bin/pre-commit run --all-files --hook-stage manual

hooks: .venv/.test ## la mise en forme, corrigée à chaque commit
	@.venv/bin/pre-commit install

# uv keeps the pins that still satisfy pyproject.toml; `make lock UPGRADE=--upgrade` takes the newest of each.
COMPILE = .venv/bin/uv pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-annotate --no-emit-index-url --custom-compile-command "make lock" --quiet $(UPGRADE)
lock: .venv/.test ## les requirements-*.txt, d'après pyproject.toml
	$(COMPILE) pyproject.toml --group build --output-file requirements-run.txt
	$(COMPILE) --group lab --constraint requirements-run.txt --output-file requirements-lab.txt
	$(COMPILE) --group cluster --constraint requirements-run.txt --output-file requirements-cluster.txt
	$(COMPILE) --group test --constraint requirements-run.txt --constraint requirements-lab.txt \
		--constraint requirements-cluster.txt \
		--output-file requirements-test.txt
	for peer in tests/bench/peers/*/requirements.in; do \
	  $(COMPILE) $$peer --constraint requirements-run.txt --output-file $${peer%.in}.txt || exit 1; \
	done

clean: ## enlève .venv, les caches et data/processed ; garde outputs
	rm -rf .venv .hypothesis .import_linter_cache .pytest_cache .ruff_cache data/processed
	find notebooks pipelines tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# --clear: a .venv whose python has left (system upgrade, moved checkout) is made again, stamps included.
.venv/bin/python:
	@for candidate in $(PYTHON) python3.14 python3.13 python3.12 python3.11; do \
	  if $$candidate -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then \
	    echo "Création de .venv ($$($$candidate --version))…"; \
	    $$candidate -m venv --clear .venv && exit 0; \
	    rm -rf .venv; \
	    echo "L'environnement .venv n'a pas pu être créé ; sous Debian ou Ubuntu : sudo apt install python3-venv" >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "Python 3.11 à 3.14 est introuvable : installez-le, ou donnez son chemin, par exemple make PYTHON=/usr/bin/python3.12" >&2; \
	exit 1

# The package is installed from the checkout with the locked flit_core: nothing outside the lock is fetched.
.venv/.run: requirements-run.txt pyproject.toml .venv/bin/python
	@echo "Installation de quoi produire les pages (quelques minutes la première fois)…"
	@$(PIP) install --require-hashes -r requirements-run.txt || $(FAILED)
	@$(PIP) install --no-deps --no-build-isolation -e . || $(FAILED)
	@touch $@

.venv/.lab: requirements-lab.txt .venv/.run
	@echo "Installation de JupyterLab…"
	@$(PIP) install --require-hashes -r requirements-lab.txt || $(FAILED)
	@touch $@

.venv/.test: requirements-test.txt .venv/.run
	@echo "Installation des outils de test…"
	@$(PIP) install --require-hashes -r requirements-test.txt || $(FAILED)
	@touch $@
