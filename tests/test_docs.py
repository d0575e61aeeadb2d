"""The documentation does what it says: the tutorial runs, links lead somewhere, the site loads nothing."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from rdac_validator.cli import main

ROOT = Path(__file__).parent.parent
TUTORIALS = {
    "tutorial.md": None,
    "mapping-tutorial.md": ROOT / "examples" / "exports",
    "versions.md": None,
    "conformance.md": None,
}
EXIT_CODE = "; echo $?"


@dataclass
class Step:
    """A command of the tutorial, the exit code that it should end with, and the lines that it should print."""

    command: str
    code: int = 0
    printed: list[str] = field(default_factory=list)


def steps(page: str) -> Iterator[Step]:
    """Every command with what follows it: the exit code, where it asks for it, then lines of output; … is anything."""
    for block in re.findall(r"```console\n(.*?)```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL):
        for text in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *after = text.strip().splitlines()
            code = int(after.pop(0)) if command.endswith(EXIT_CODE) else 0
            yield Step(command.removesuffix(EXIT_CODE), code, [line for line in after if line != "…"])


@pytest.mark.parametrize(("page", "start"), TUTORIALS.items(), ids=TUTORIALS)
def test_a_tutorial_runs_as_it_is_written(
    page: str, start: Path | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if start:
        shutil.copytree(start, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for step in steps(page):
        program, *arguments = shlex.split(step.command)
        assert program == "rdac", step.command
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == step.code, f"{step.command}\n{result.output}\n{result.exception!r}"
        assert [line for line in step.printed if line not in result.output.splitlines()] == [], result.output


def test_the_tutorials_show_every_command_for_users() -> None:
    shown = {step.command.split()[1] for page in TUTORIALS for step in steps(page)}
    assert shown == set(main.commands) - {"generate"}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_between_files_of_the_project_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / name).read_text("utf-8"))
    missing = [target for target in targets if "://" not in target and not (ROOT / target).exists()]
    assert missing == []


def test_the_test_command_of_the_readme_is_what_the_build_machine_runs() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/rdac demo" in readme
    tested = "pytest -n auto --dist worksteal"
    assert f"python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/{tested}\n" in readme
    machine = (ROOT / ".ci/run").read_text("utf-8")
    assert "install --quiet -e '.[test]'" in machine
    assert f'"$venv/bin/{tested.replace(" ", chr(34) + " ", 1)}\n' in machine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="the site is built with the extra 'docs'")
    folder = tmp_path_factory.mktemp("site")
    build = subprocess.run(
        # not --quiet: it silences warnings before --strict can count them
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert build.returncode == 0, build.stderr
    return folder


def test_the_site_builds_without_a_warning_and_has_every_page(site: Path) -> None:
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if not (site / page.with_suffix(".html")).is_file()] == []


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    loaded = re.compile(r"""<(?:script|img|iframe)[^>]+src=["']?(?:https?:)?//|<link[^>]+href=["']?(?:https?:)?//""")
    assert [path.name for path in sorted(site.rglob("*.html")) if loaded.search(path.read_text("utf-8"))] == []
    styles = sorted(site.rglob("*.css"))
    assert styles
    assert [path.name for path in styles if re.search(r"url\([\"']?https?:", path.read_text("utf-8"))] == []
