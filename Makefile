# Convenir : une commande par besoin. `make` seul les énumère.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
EXECUTION := $(VENV)/.execution
TESTS := $(VENV)/.tests

# Les modules lus sont gardés compilés d'un processus à l'autre, même où la machine l'interdit par défaut : chaque
# ouvrier des essais recompilerait tout.
export PYTHONDONTWRITEBYTECODE =

.PHONY: aide demo test check types style gabarits ailes migrations glossaire bench formater verrouiller captures
aide:
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip

$(EXECUTION): requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(TESTS): requirements-dev.txt $(EXECUTION)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

demo: $(EXECUTION) ## une région de démonstration servie sur 127.0.0.1:8000
	CONVENIR_ENV=demo $(BIN)/convenir demo

test: $(TESTS) ## toute la suite (PostgreSQL si DATABASE_URL est donnée)
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

check: types style gabarits ailes migrations glossaire ## style, types, gabarits, ailes, migrations, glossaire

types: $(TESTS)
	CONVENIR_ENV=test $(BIN)/mypy

style: $(TESTS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

gabarits: $(TESTS)
	$(BIN)/djlint --lint --quiet convenir

ailes: $(TESTS)
	$(BIN)/lint-imports

migrations: $(TESTS)
	CONVENIR_ENV=test $(BIN)/python manage.py makemigrations --check --dry-run

glossaire: $(TESTS)
	CONVENIR_ENV=test $(BIN)/python outils/verifier_glossaire.py

bench: $(TESTS) ## les mesures, en rapports, sur cette machine
	@for f in bench/[a-z]*.py; do echo "== $$f"; CONVENIR_ENV=test $(BIN)/python $$f || exit 1; done

captures: $(TESTS) ## refait docs/captures depuis la démonstration (demande Chromium)
	$(BIN)/python outils/captures.py

formater: $(TESTS) ## remet le code et les gabarits en forme
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; $(BIN)/djlint --reformat --quiet convenir

verrouiller: ## fige les versions des dépendances (demande uv)
	uv pip compile -q --no-header --no-emit-index-url --no-annotate --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile -q --no-header --no-emit-index-url --no-annotate --python-version 3.11 requirements-dev.in -o requirements-dev.txt
