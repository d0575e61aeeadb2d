"""The built wheel works by itself: without the checkout and without LinkML."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
WITHOUT_LINKML = """
import sys
sys.modules["linkml"] = sys.modules["linkml_runtime"] = None  # as if they were not installed
import rdac_validator
assert rdac_validator.__file__.startswith(sys.argv[1]), rdac_validator.__file__
from rdac_validator.cli import main
main(["demo"], prog_name="rdac")
"""


def test_the_wheel_runs_the_demo_without_the_checkout_and_without_linkml(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    built, installed = tmp_path / "built", tmp_path / "installed"
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(built), str(ROOT)], check=True)
    (wheel,) = built.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(installed), str(wheel)], check=True)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LINKML, str(installed)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR RDAC" in done.stdout and "Try next:" in done.stdout
