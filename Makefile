# Hai lệnh chính: make run (chấm một kỳ), make test. Xem README.md.
PERIOD ?= 2022-Q1
# the data folder of another sample (data/mau-2026), where only that one has files of the period
DATA ?= $(if $(wildcard data/raw/$(PERIOD)),,$(patsubst %/raw/$(PERIOD),%,$(firstword $(wildcard data/*/raw/$(PERIOD)))))
PYTHON ?= python3
REPEAT ?= 5
COUNT ?= 1
BIN := .venv/bin
STAMP := .venv/.stamp
# a test file each at a time: first the service, which waits more than it works, then what starts programs, and beside
# them all that is short; three processes keep two processors busy
FIRST := tests/e2e tests/flows
TESTS := $(FIRST) $(filter-out $(FIRST) tests/support tests/__pycache__,$(patsubst %/,%,$(sort $(wildcard tests/*/)))) \
  $(wildcard tests/test_*.py)
SIDE_BY_SIDE := -n 3 --dist loadfile --no-loadscope-reorder $(TESTS)

# a hundred processes of the tests, and every command typed, import the program: compiled once, whatever the shell says
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test quick e2e check bench attack audit ui prepare clean
.DEFAULT_GOAL := run

run: $(STAMP)
	@$(BIN)/tthc score $(PERIOD) $(addprefix --data ,$(DATA)) || { code=$$?; test $$code -eq 3 || exit $$code; }

# only what the others need
prepare: $(STAMP)

# all of them; the service's (make e2e) too, where Debian's postgresql and chromium are there
test: $(STAMP)
	$(BIN)/pytest $(SIDE_BY_SIDE) -m "e2e or not e2e"

# while typing, under a minute: unit tests and rules, without servers, browsers and what is marked slow
quick: $(STAMP)
	$(BIN)/pytest -n 2 --dist loadfile -m "not (slow or server or e2e)" tests/unit tests/rules tests/flows

# the whole service alone: needs Debian's postgresql and chromium (skips without them)
e2e: $(STAMP)
	$(BIN)/pytest -m e2e tests/e2e

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(SIDE_BY_SIDE)

bench: $(STAMP)
	$(BIN)/python bench/bench_quarter.py $(PERIOD) --repeat $(REPEAT)

# made faults and a second computation of every figure, about ten minutes; COUNT=10 tries ten times as much
attack: $(STAMP)
	$(BIN)/python -m bench.kill_runs $$((24 * $(COUNT)))
	$(BIN)/python -m bench.recompute_scores $$((40 * $(COUNT)))
	$(BIN)/python bench/fuzz_reading.py $$((2000 * $(COUNT)))
	$(BIN)/python bench/fuzz_culprits.py $$((200 * $(COUNT))) $$((40 * $(COUNT)))

# known vulnerabilities of the installed packages; where no advisories can be reached, their versions and status 2
audit: $(STAMP)
	@$(BIN)/python -m venv .venv/audit
	@.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt pip-audit
	@.venv/audit/bin/python .ci/audit.py "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

# giao diện Prefect tại http://127.0.0.1:4200, Ctrl-C để dừng
ui: $(STAMP)
	@$(BIN)/python -m flows.ui

clean:
	rm -rf .venv test-artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# The build backend comes from constraints.txt as well, so that pip resolves nothing on its own.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Cần Python 3.11 trở lên (make PYTHON=python3.12 …)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Thiếu mô-đun venv của Python. Trên Debian/Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@echo "Chuẩn bị môi trường .venv (lần đầu mất 1–3 phút) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt pip hatchling editables
	@$(BIN)/python -m pip uninstall --yes -qq setuptools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $@
