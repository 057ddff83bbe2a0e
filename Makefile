# Every way of working on Charterbot. `make run` and `make test` need only Python 3.11+, make and git.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 3  # one more than cores: tests also wait
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
unexport PYTHONDONTWRITEBYTECODE  # else each worker and each bot that a test starts compiles everything anew

.PHONY: run test check lint every-pair fast lock bench bench-ballots bench-rsvps bench-broadcast clean

run: $(INSTALLED)  ## the bot: Slack and Telegram with tokens set, the terminal without
	$(BIN)/python -m bot run

test: lint $(INSTALLED_DEV)  ## everything: each scenario on both platforms and databases, the long kill loops
	$(BIN)/python -m pytest -m "not kill" -n $(WORKERS)
	$(BIN)/python -m pytest -m kill -n 2

check: lint $(INSTALLED_DEV)  ## what must be green before every commit: each scenario one way or another
	$(BIN)/python -m pytest -m "not kill" -n $(WORKERS) --dist worksteal --ways one

lint: $(INSTALLED_DEV)  ## style, types, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

every-pair: $(INSTALLED_DEV)  ## each scenario on each platform over each database: all four ways
	$(BIN)/python -m pytest -m "not kill" -n $(WORKERS) --ways four

fast: $(INSTALLED_DEV)  ## SQLite only, while working
	$(BIN)/python -m pytest -m "not kill" -k "not postgresql" -x -n $(WORKERS)

bench: $(INSTALLED_DEV)  ## ratios against bare libraries, printed side by side
	$(BIN)/python -m benchmarks.pipe
	@echo "Ballots for rolls of 10, 100 and 1,000 take some minutes more: make bench-ballots"
	@echo "Answers of 1,000 people to one event take four minutes more: make bench-rsvps"
	@echo "A broadcast to 1,000 while people type takes five minutes more: make bench-broadcast"

bench-ballots: $(INSTALLED_DEV)  ## a vote of 10, 100 and 1,000 organisations, our pipe beside the bare store
	$(BIN)/python -m benchmarks.ballots

bench-rsvps: $(INSTALLED_DEV)  ## 1,000 people answer one event at once, our pipe beside the bare store
	$(BIN)/python -m benchmarks.rsvps

bench-broadcast: $(INSTALLED_DEV)  ## a broadcast under Telegram's limits, ours beside what one would write first
	$(BIN)/python -m benchmarks.broadcast

lock: $(INSTALLED_DEV)  ## after changing dependencies in pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
		pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
		pyproject.toml --group dev -o requirements-dev.lock

$(INSTALLED): requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements.lock
	touch $@

$(INSTALLED_DEV): requirements-dev.lock $(INSTALLED)
	$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements-dev.lock
	touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
