# Everything that is typed to work with townedu. What takes more than a few lines is in deploy/.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: help setup installed setup-test run serve test lint bench messages lock ci machine machine-test port database

export PYTHON ?= python3
export PORT ?= 8000
JOBS ?= 2
PY := .venv/bin/python

VENDOR := $(addprefix static/vendor/,bootstrap.min.css bootstrap.bundle.min.js htmx.min.js)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
BIOME := node_modules/.bin/biome
STATIC := $(filter-out $(VENDOR),$(shell find static apps/*/static -type f 2>/dev/null))
SUMMARY := var/summary-2025.pdf
SERVE := $(PY) -m honcho start --concurrency web=1,worker=$(JOBS) --port $(PORT) || test $$? = 130  # ended by Ctrl-C

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

setup: installed  ## all a fresh machine needs: packages, assets, an empty database, reference data; prints how to begin
	@$(PY) manage.py first_code --address http://localhost:$(PORT)/
	@echo "Start the site  make serve"

installed: .venv/.run $(VENDOR) $(CATALOGUES) var/secret_key var/static/staticfiles.json database

serve: port installed  ## the site without the demo, served on PORT (8000); while nobody has an account, how to begin
	@$(PY) manage.py first_code --address http://localhost:$(PORT)/
	@$(SERVE)

setup-test: machine-test .venv/.test $(VENDOR) $(BIOME) $(CATALOGUES) var/secret_key  ## the same for the tests, Chromium included; touches no database

run: port installed  ## the demo town, served on PORT (8000), and its annual summary as a PDF
	@$(PY) manage.py load_demo > var/demo.new && mv var/demo.new var/demo.txt
	@test -f $(SUMMARY) || { $(PY) manage.py annual_summary --year 2025 --format pdf --out var/summary.new \
		&& mv var/summary.new $(SUMMARY); }
	@printf '\nSite            http://localhost:%s/\nAnnual summary  %s\n\n' $(PORT) $(CURDIR)/$(SUMMARY)
	@cat var/demo.txt && echo
	@$(PY) manage.py first_code --address http://localhost:$(PORT)/ --verbosity 0
	@$(SERVE)

test: setup-test  ## the whole test suite, the real browser included; ARGS="-k name" for a part
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

lint: .venv/.test $(BIOME)  ## checks without tests: style and format of Python, scripts, style sheets, templates; the floors of the house
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports --no-logo
	.venv/bin/mypy
	$(BIOME) check --error-on-warnings
	$(PY) -m djlint templates --lint --quiet

bench: setup-test  ## benchmarks
	$(PY) -m bench $(ARGS)

messages: setup-test  ## takes new texts into the Chinese catalogue, and shows what is still to translate
	@$(PY) manage.py makemessages --locale zh_Hans --add-location file --no-obsolete \
		$(addprefix --ignore ,.venv node_modules var static tests bench)
	@msgattrib --untranslated locale/zh_Hans/LC_MESSAGES/django.po
	@msgattrib --only-fuzzy locale/zh_Hans/LC_MESSAGES/django.po

lock: | machine  ## newest allowed versions of all packages into the lock files
	@deploy/setup.sh lock

ci:  ## what must hold before a change goes in: all of the above
	@.ci/run

# What the targets above are made of. Everything but `database` is left alone until its source changes.

machine machine-test port:
	@deploy/setup.sh $@

.venv/.run: requirements.txt | machine
	@deploy/setup.sh packages $<
	@touch $@

.venv/.test: requirements-dev.txt | machine
	@deploy/setup.sh packages $<
	@touch $@

$(VENDOR) &: package-lock.json | machine
	@deploy/setup.sh assets

$(BIOME): package-lock.json | $(VENDOR)
	@deploy/setup.sh biome
	@touch $@

%.mo: %.po | machine
	@msgfmt --check-format --output-file=$@ $<

var/secret_key: | machine
	@mkdir -p var
	@umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))' > $@

var/static/staticfiles.json: $(STATIC) $(VENDOR) .venv/.run | var/secret_key
	@$(PY) manage.py collectstatic --no-input --verbosity 0

database: .venv/.run $(CATALOGUES) var/secret_key
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py load_reference
