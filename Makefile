# The site's commands. Needs Python 3.11 or newer with venv, and make; nothing else.

PYTHON ?= python3
export PORT := $(or $(PORT),8000)
IN_VENV := .venv/bin/python
unexport PYTHONDONTWRITEBYTECODE  # every process of the tests would compile all of the code anew

# An environment whose Python was upgraded or taken away is none.
$(shell test ! -e .venv/.installed || .venv/bin/python -c 'import pip' >/dev/null 2>&1 || rm .venv/.installed)

# Serve the site at http://127.0.0.1:$(PORT) the way production does.
run: .venv/.installed
	@$(IN_VENV) manage.py prepare --static
	@exec $(IN_VENV) $(dir $(IN_VENV))gunicorn -c deploy/gunicorn.conf.py canglong_portal.wsgi

# The same, with every edit showing at once.
dev: .venv/.installed
	@$(IN_VENV) manage.py prepare
	@exec $(IN_VENV) manage.py runserver 127.0.0.1:$(PORT)

# The whole suite on SQLite, and again on a PostgreSQL that is made for it and thrown away.
test: .venv/.installed
	$(IN_VENV) -m pytest -n 4 --dist loadfile --no-loadscope-reorder
	$(IN_VENV) -m tests.throwaway_postgres $(IN_VENV) -m pytest -n 4 --dist loadfile --no-loadscope-reorder

lint: .venv/.installed
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m bandit --quiet --recursive --skip B101 canglong_portal news visitors deploy
	.venv/bin/djade --check --target-version 5.2 $(shell find templates -name '*.html')
	$(IN_VENV) manage.py makemigrations --check --dry-run
	SITE_URL=https://example.gov.vn SECRET_KEY=$$($(IN_VENV) -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(IN_VENV) manage.py check --deploy --fail-level WARNING

# What the visitor counter costs, beside its goals, into docs/benchmarks/. Takes some minutes.
bench-visitors: .venv/.installed
	$(IN_VENV) -m benchmarks.visitors

# requirements.in to requirements.txt: every version and hash.
lock: .venv/.installed
	$(IN_VENV) -m pip install --quiet uv
	$(IN_VENV) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" requirements.in -o requirements.txt

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .ci/node_modules

# Made anew after a making that was cut short. When requirements.txt changes, the new packages come into the one that is there:
# a site that runs from it goes on, also when they cannot be fetched.
.venv/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer is needed (Debian: apt install python3), or name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is needed (Debian: apt install python3-venv)"; exit 1; }
	@echo "Making the environment .venv"
	@test -e $@ && $(IN_VENV) -c 'import pip' >/dev/null 2>&1 || { rm -f $@; $(PYTHON) -m venv --clear .venv; }
	@$(IN_VENV) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt \
		|| { echo "The packages of requirements.txt could not be installed (is there a network?)"; exit 1; }
	@touch $@

.PHONY: run dev test lint bench-visitors lock clean
