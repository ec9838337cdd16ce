# Everything a newcomer or a machine does with this project. `make` alone tells what there is.
#
# The only things expected are GNU make, bash and Python 3.11 or newer. Packages come from where pip and uv of this
# machine are told to look; nothing here says otherwise.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

UV_PINNED := 0.13.8
UV_OLDEST := 0.13.0
PYTHON_NAMES := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python

IN_ENVIRONMENT := .venv/bin/python -m
READY := .venv/.ready

# Further words for pytest: make test ARGS='-k episode'
ARGS ?=
# Processes for the tests; each starts its own servers. The tests of a file stay in one.
JOBS ?= 2

##@ Use it
.PHONY: setup demo

setup: $(READY) ## prepare the locked environment in .venv
	@echo "The environment in .venv is ready."

demo: $(READY) ## play a short working day (ONCE=1: end by itself, JSON=1: the summary as JSON)
	@.venv/bin/deskd demo $(if $(ONCE),--once) $(if $(JSON),--json)

##@ Test it
.PHONY: test test-fast lint format reference servers

# Without compiled bytecode a run takes ten seconds longer to begin, and each daemon it starts a second.
test test-fast: export PYTHONDONTWRITEBYTECODE =

test: $(READY) servers ## install missing servers where that is possible and run every test (NO_INSTALL=1: install none)
	@$(IN_ENVIRONMENT) pytest -n $(JOBS) --dist loadfile $(ARGS)

test-fast: $(READY) ## run the tests that need no server and less than a second
	@$(IN_ENVIRONMENT) pytest -n $(JOBS) --dist loadfile -m "not slow" $(ARGS)

lint: $(READY) ## ruff, formatting, mypy --strict, and where the locked packages come from
	@$(IN_ENVIRONMENT) ruff check .
	$(IN_ENVIRONMENT) ruff format --check .
	$(IN_ENVIRONMENT) mypy
	if grep -noE '(url|registry|git|path|directory) = "[^"]*"' uv.lock \
		| grep -vE '= "https://(pypi\.org/simple|files\.pythonhosted\.org/[^"]*)"'; then
		echo "uv.lock takes the packages above from elsewhere than PyPI: lock it without a mirror." >&2
		exit 1
	fi

format: $(READY) ## put the code into the project's shape
	@$(IN_ENVIRONMENT) ruff check --fix .
	$(IN_ENVIRONMENT) ruff format .

reference: $(READY) ## write the references of deskd.toml and the rulebook into the README
	@$(IN_ENVIRONMENT) tests.reference

servers: ## install the servers the tests talk to
	@tests/servers/install.sh

##@ Measure it
.PHONY: bench soak fuzz fuzz-guided corpora

bench soak fuzz corpora: $(READY)
	@$(IN_ENVIRONMENT) tests.$@ $(ARGS)

bench: ## measure rates, latencies and memory beside the floors of this machine
soak: ## run mixed streams and incidents for long, kill what takes part, and see what is lost or grows
fuzz: ## feed 200,000 mangled mails and webhooks (ARGS="--streams 500": play whole desks)
fuzz-guided: $(READY) ## feed mails that grow by what they reach (ARGS="--seconds 600"), with atheris
	@if ! .venv/bin/python -c 'import atheris' 2>/dev/null; then
		echo "This needs atheris: uv sync --all-extras --group fuzz" >&2
		exit 1
	fi
	$(IN_ENVIRONMENT) tests.fuzz.guided $(ARGS)
corpora: ## read the collections of real mails and alerts where they are present

##@ This list
.PHONY: help
help: ## show it
	@awk 'BEGIN {FS = ":[^#]*## "}
		/^##@ / {printf "\n%s\n", substr($$0, 5)}
		/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

# --- The environment --------------------------------------------------------------------------------------------------
# The stamp holds the folder it was made in, as the environment of a folder that was moved points to the old place.

ifneq ($(strip $(file < $(READY))),$(CURDIR))
$(READY): FORCE
else ifeq ($(shell .venv/bin/python -V 2>/dev/null),)
$(READY): FORCE
endif

FORCE:

$(READY): pyproject.toml uv.lock
	@python="" # one that is new enough
	for name in $(PYTHON_NAMES); do
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
			python=$$("$$name" -c 'import sys; print(sys.executable)')
			break
		fi
	done

	is_new_enough() {
		local version
		version=$$("$$1" --version 2>/dev/null) || return 1
		printf '%s\n' "uv $(UV_OLDEST)" "$$version" | sort -VC
	}
	uv=uv
	if ! is_new_enough uv; then
		uv=.uv/bin/uv
		if ! is_new_enough "$$uv"; then
			if [[ -z $$python ]]; then
				echo "deskd needs Python 3.11 or newer, and none was found. Name one: make setup PYTHON=/path/to/python3" >&2
				exit 1
			fi
			echo "No uv $(UV_OLDEST) or newer here: installing uv $(UV_PINNED) into .uv (nowhere else)."
			if ! "$$python" -m venv --clear .uv; then
				rm -rf .uv
				echo "$$python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2
				exit 1
			fi
			.uv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: uv==$(UV_PINNED)
		fi
	fi

	echo "Installing the locked packages into .venv with $$("$$uv" --version)."
	if [[ -n $$python ]] && ! .venv/bin/python -V >/dev/null 2>&1; then
		export UV_PYTHON="$$python"
	fi
	"$$uv" sync --quiet --locked --all-extras --compile-bytecode
	PYTHONDONTWRITEBYTECODE= .venv/bin/python -m compileall -q daemon ingest outbound rules
	echo "$(CURDIR)" > $@
