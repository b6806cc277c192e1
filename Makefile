# make run opens the app, make test installs what the tests need and runs everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: run test check unit browser data clean

run: $(VENV)/run
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: check unit browser

check: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(VENV)/test
	$(BIN)/pytest -m "not browser"

browser: $(VENV)/test
	@$(BIN)/python tests/chromium.py >/dev/null 2>&1 || tests/install-chromium
	$(BIN)/pytest -m browser

data: $(VENV)/run
	$(BIN)/python data/build.py $(if $(CORE),--core)

$(VENV)/run: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/test: requirements-dev.txt $(VENV)/run
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
