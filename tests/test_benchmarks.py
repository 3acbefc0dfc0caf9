"""The benchmarks run, in tiny sizes: what they measure here says nothing."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from tests import VARIABLES
from tests.running_site import ROOT


def test_the_benchmark_of_the_counter_writes_its_table_and_its_plot(tmp_path):
    env = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    command = [sys.executable, "-m", "benchmarks.visitors", "--small", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "visitors.md").read_text()
    for line in (
        "| `page` | a page, known reader |",
        "| `ping` | a ping, known reader |",
        "four figures, 500 visitors a day",
    ):
        assert line in page
    assert ElementTree.parse(tmp_path / "visitors.svg").getroot().findall("{http://www.w3.org/2000/svg}rect")
