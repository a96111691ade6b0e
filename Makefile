# make run — the cabinet with demonstration data; make test — every test. Both set up all they need.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# How many tests at a time: most of their time is waiting, for mail, for browsers, for what is killed on purpose.
SIDES ?= 4

.PHONY: run test check lint types layers bench bench-city lock help-pictures clean

run: $(VENV)/runtime
	@$(BIN)/python -m lk_reflex run

test: $(VENV)/development browser servers
	$(BIN)/python -m pytest -n $(SIDES)

# What .ci/run asks for beside the tests.
check: lint types layers

lint: $(VENV)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/development
	$(BIN)/pyright

layers: $(VENV)/development
	$(BIN)/lint-imports

bench: $(VENV)/development
	$(BIN)/python -m benchmarks

# The last day of the reading window: one process on SQLite, then two behind nginx on PostgreSQL and Redis.
bench-city: servers
	$(BIN)/python -m benchmarks.city $(CITY)

# The instruction's pictures, from the cabinet itself; look at them before committing.
help-pictures: browser
	$(BIN)/python -m tests.browser.help_pictures

.PHONY: browser
browser: $(VENV)/development
	@$(BIN)/python -m tests.browser.install

# What tests of a whole city start beside the cabinet.
.PHONY: servers
servers: $(VENV)/development
	@$(BIN)/python -m tests.city.install
	@$(BIN)/python -m tests.front.install
	@$(BIN)/python -m tests.deploy.install

# The versions of everything, with hashes, from the short lists of what the product asks for.
lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q requirements.in --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 -o requirements.txt
	$(BIN)/uv pip compile -q requirements-dev.in --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 -o requirements-dev.txt

$(VENV)/runtime: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Устанавливаем библиотеки…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/development: $(VENV)/runtime requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) data
