# `make run`, `make test`, and `make quick`, which leaves out the browser and the slowest tests; each first installs
# what it needs. `make bench` measures.

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
# two processes share the tests, each from its end of the list: half the time on two cores
TOGETHER := --numprocesses 2 --dist worksteal

.PHONY: run test quick bench

run: $(VENV)/installed-requirements.txt
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: $(VENV)/installed-requirements-test.txt
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(TOGETHER)

quick: $(VENV)/installed-requirements-test.txt
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(TOGETHER) -m "not browser and not slow"

bench: $(VENV)/installed-requirements-bench.txt
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.page
	$(BIN)/python -m benchmarks.start
	$(BIN)/python -m benchmarks.answers

$(VENV)/installed-%: % | $(BIN)/python
	$(BIN)/python -m pip install -r $<
	touch $@

# the files that a requirements file includes
$(VENV)/installed-requirements-test.txt: requirements.txt
$(VENV)/installed-requirements-bench.txt: requirements.txt requirements-test.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Small Steps needs Python 3.11 or newer, which '$(PYTHON)' is not. Name one that is:"; \
	  echo "  make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
