# make run opens the app, make test installs what the tests need and runs everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: run test check unit browser chromium data languages look bench audit clean

run: $(VENV)/run
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: check unit browser

check: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(VENV)/test
	$(BIN)/pytest -m "not browser" -n auto --dist loadfile

browser: $(VENV)/test chromium
	$(BIN)/pytest -m browser

chromium: $(VENV)/test
	@$(BIN)/python tests/chromium.py >/dev/null 2>&1 || tests/install-chromium

# Pictures of every page in three sizes and two themes, into look/; SPOKEN=es in Spanish.
look: chromium
	$(BIN)/python -m bench.look $(if $(ONLY),--only $(ONLY)) $(if $(SPOKEN),--lang $(SPOKEN))

# Speed, bytes, memory and load, beside a page with one number.
bench: chromium
	$(BIN)/python -m bench.measure $(if $(ONLY),--only $(ONLY))

# Bring the languages up to date with the words of the code and of the record; NEW=fr starts another one.
languages: $(VENV)/test
	$(BIN)/python -m bloc.languages.update $(NEW)

# Known weaknesses of the packages; asks the network.
audit: $(VENV)/run
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/pip-audit --requirement requirements.txt

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
