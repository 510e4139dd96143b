# The tasks of the project: `just` lists them. The tools are those of .venv (see CONTRIBUTING.md).

set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")

# list the recipes
[private]
default:
    @just --list --unsorted

# everything a change must pass, fastest first
check: lint types layers test

# format and lint
lint:
    ruff format --check .
    ruff check .
    check-jsonschema --builtin-schema vendor.github-actions action.yml
    check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

# static types
types:
    mypy

# which module may import which
layers:
    lint-imports

# the tests that one runs while working, on all cores; arguments go to pytest
test *args:
    pytest --numprocesses=auto -m 'not large' "$@"

# all tests, as continuous integration runs them
test-all *args:
    pytest --numprocesses=auto "$@"

# build the wheel and try it with nothing else installed
wheel:
    #!/usr/bin/env bash
    set -euo pipefail
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
    # through the sdist, so that this is tried as well
    python -m build --outdir "$work/dist" .
    python -m venv "$work/alone"
    "$work/alone/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/dist/*.whl
    cd "$work"
    alone/bin/python -I "{{ justfile_directory() }}/tests/packaging/smoke.py"

# the property tests with the nightly number of examples
fuzz *args:
    pytest tests/property --hypothesis-profile=nightly "$@"

# the benchmarks, one script after the other
bench:
    python -m benchmarks.start
    python -m benchmarks.decision
    python -m benchmarks.explanation
    python -m benchmarks.scaling
    python -m benchmarks.inventory
    python -m benchmarks.check
