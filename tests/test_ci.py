"""CI fails when a test was skipped, on one process as on several; anywhere else a skip says what to install."""

import os
import subprocess
import sys

import pytest

from tests.running_site import ROOT

TESTS = """
import pytest
def test_there(): pass
def test_missing(): pytest.skip("a thing is missing (Debian: apt install thing)")
@pytest.mark.skipif(True, reason="a thing is missing (Debian: apt install thing)")
def test_missing_too(): pass
"""


@pytest.mark.parametrize(("processes", "require_all", "code"), [("2", "1", 1), ("0", "", 0)])
def test_a_skipped_test_fails_the_run_that_requires_all(tmp_path, processes, require_all, code):
    (tmp_path / "test_some.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "tests.conftest", "-n", processes]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", tmp_path],
        cwd=ROOT,
        env={**os.environ, "REQUIRE_ALL": require_all},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout.count("2 skipped: a thing is missing (Debian: apt install thing)\n") == 1
    assert done.stdout.count("apt install thing") == 1
    assert ("a skipped test is a failure" in done.stdout) == (code == 1)
