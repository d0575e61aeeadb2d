"""What CI runs, taken from the files that teams copy: red on a bad return, green on a good one, as waivers come and go.

Every command is read out of its YAML file and run in a scratch git repository. What the build servers do themselves
(check out, set Python up, install, publish) is not run here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from rdac_validator.cli import main

ROOT = Path(__file__).parent.parent
CI = ROOT / "examples" / "ci"
Run = Callable[["Repository"], subprocess.CompletedProcess[str]]


def loaded(path: Path) -> Any:  # noqa: ANN401 a document of any shape
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Repository:
    """A git repository of a team, with a return in it and the command ``rdac`` on its path."""

    def __init__(self, root: Path, given: Path) -> None:
        self.root, self.bin, self.temporary = root / "repository", root / "bin", root / "temporary"
        for folder in (self.root, self.bin, self.temporary):
            folder.mkdir()
        rdac = self.bin / "rdac"
        rdac.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m rdac_validator "$@"\n')
        rdac.chmod(0o755)
        shutil.copytree(given, self.root / "return")
        self.run("git init --quiet . && git add --all")

    def run(self, script: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a script as build servers do: bash, which stops at the first command that fails."""
        path = f"{self.bin}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        home = {"HOME": str(self.temporary), "PRE_COMMIT_HOME": str(self.temporary / "pre-commit")}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
            cwd=self.root,
            env={"PATH": path, "LANG": "C.UTF-8", **home, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    def settings(self, text: str) -> None:
        (self.root / "rdac.toml").write_text(text, encoding="utf-8")


def github(repository: Repository, **given: str) -> subprocess.CompletedProcess[str]:
    """The step of the action that checks, with its inputs put where its expressions stand."""
    action = loaded(ROOT / "action.yml")
    workflow = loaded(CI / "github.yml")["jobs"]["validate"]["steps"]
    said = next(step["with"] for step in workflow if step.get("id") == "rdac")
    inputs = {name: field.get("default", "") for name, field in action["inputs"].items()} | said | given
    step = next(step for step in action["runs"]["steps"] if step.get("id") == "validate")
    assert step["shell"] == "bash"
    environment = {name: inputs[expression[1]] for name, expression in expressions(step["env"])}
    files = {name: str(repository.temporary / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    return repository.run(step["run"], {**environment, **files, "RUNNER_TEMP": str(repository.temporary)})


def expressions(fields: Mapping[str, str]) -> list[tuple[str, re.Match[str]]]:
    found = [(name, re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text)) for name, text in fields.items()]
    return [(name, match) for name, match in found if match]


def gitlab(repository: Repository, job: str = "rdac") -> subprocess.CompletedProcess[str]:
    """The script of a job."""
    file = loaded(CI / "gitlab-ci.yml")
    return repository.run("\n".join(file[job]["script"]), file["variables"])


def azure(repository: Repository) -> subprocess.CompletedProcess[str]:
    """The one step that checks."""
    file = loaded(CI / "azure-pipelines.yml")
    script = next(step["script"] for step in file["steps"] if step.get("displayName") == "rdac validate")
    return repository.run(script, file["variables"])


def pre_commit(repository: Repository) -> subprocess.CompletedProcess[str]:
    """pre-commit itself with our hook, which finds rdac on the path instead of installing it from a network."""
    (hook,) = loaded(ROOT / ".pre-commit-hooks.yaml")
    (used,) = loaded(CI / "pre-commit-config.yaml")["repos"][0]["hooks"]
    local = {"repo": "local", "hooks": [{**hook, **used, "language": "system"}]}
    (repository.root / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [local]}), encoding="utf-8")
    return repository.run("git add --all && python -m pre_commit run")


SERVERS: dict[str, Run] = {"github": github, "gitlab": gitlab, "azure": azure, "pre-commit": pre_commit}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("good") / "return"
    assert CliRunner().invoke(main, ["synth", str(out), "--children", "4", "--seed", "3"]).exit_code == 0
    return out


@pytest.fixture
def repository(good: Path, tmp_path: Path) -> Repository:
    return Repository(tmp_path, good)


def spoil(repository: Repository, persons: int = 1) -> None:
    """Write an unknown code into the sex of the first persons."""
    file = repository.root / "return" / "person.csv"
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    place = head.split(",").index("sex")
    for number in range(persons):
        cells = lines[number].split(",")
        cells[place] = "Zebra"
        lines[number] = ",".join(cells)
    file.write_text("\n".join([head, *lines, ""]), encoding="utf-8")


def waiver(expires: date) -> str:
    """The waiver of the settings that we ship, for these days."""
    text = (CI / "rdac.toml").read_text(encoding="utf-8")
    made = date.today() - timedelta(days=30)
    return re.sub(r"expires = .*", f"expires = {expires}", re.sub(r"made = .*", f"made = {made}", text))


def promised(server: str) -> list[str]:
    """The files that a build server is told to publish, from the root of the repository."""
    if server == "gitlab":
        artifacts = loaded(CI / "gitlab-ci.yml")["rdac"]["artifacts"]
        return [*artifacts["paths"], *artifacts["reports"].values()]
    if server == "azure":
        steps = loaded(CI / "azure-pipelines.yml")["steps"]
        tests = [step["inputs"]["testResultsFiles"] for step in steps if step.get("task") == "PublishTestResults@2"]
        return [*tests, *(step["publish"] for step in steps if "publish" in step)]
    return []


@pytest.mark.parametrize("server", SERVERS)
def test_a_build_is_green_red_green_with_a_waiver_and_red_when_it_expires(server: str, repository: Repository) -> None:
    run = SERVERS[server]
    done = run(repository)
    assert done.returncode == 0, done.stdout + done.stderr
    spoil(repository)
    done = run(repository)
    assert done.returncode == 1 and "RDAC106" in done.stdout, done.stdout + done.stderr
    assert "Zebra" not in done.stdout + done.stderr
    assert [name for name in promised(server) if not (repository.root / name).is_file()] == []
    repository.settings(waiver(date.today() + timedelta(days=1)))
    done = run(repository)
    assert done.returncode == 0, done.stdout + done.stderr
    repository.settings(waiver(date.today() - timedelta(days=1)))
    done = run(repository)
    assert done.returncode == 1 and "RDAC040" in done.stdout, done.stdout + done.stderr
    assert server != "github" or "file=rdac.toml,line=14,title=warning RDAC040" in done.stdout, done.stdout


def test_the_action_annotates_sums_up_leaves_reports_and_with_a_baseline_fails_on_new_findings_only(
    repository: Repository,
) -> None:
    spoil(repository)
    assert "::error file=return/person.csv,line=2" in github(repository).stdout
    assert "RDAC106" in (repository.temporary / "GITHUB_STEP_SUMMARY").read_text("utf-8")
    written = dict(line.split("=", 1) for line in (repository.temporary / "GITHUB_OUTPUT").read_text().splitlines())
    assert set(written) == set(loaded(ROOT / "action.yml")["outputs"])
    assert all(Path(path).is_file() for path in written.values())
    shutil.copy(written["json"], repository.root / "baseline.json")
    assert github(repository, baseline="baseline.json").returncode == 0
    spoil(repository, 2)
    done = github(repository, baseline="baseline.json")
    assert done.returncode == 1 and "New: 1 finding" in done.stdout


def test_the_action_passes_every_input_on_and_none_can_become_a_command(repository: Repository) -> None:
    spoil(repository)
    (repository.root / "my settings.toml").write_text('profile = "extended"', encoding="utf-8")
    done = github(repository, **{"fail-on": "never", "profile": "t0", "config": "my settings.toml"})
    assert done.returncode == 0
    summary = (repository.temporary / "GITHUB_STEP_SUMMARY").read_text("utf-8")
    assert "profile t0" in summary and "my settings.toml" in summary
    assert github(repository, **{"return": "x; touch broken; $(touch broken)"}).returncode == 2
    assert not (repository.root / "broken").exists()


def test_the_job_for_new_findings_of_gitlab_holds_against_the_baseline(repository: Repository) -> None:
    spoil(repository)
    assert gitlab(repository, "rdac-new").returncode == 2, "there is no baseline yet"
    kept = loaded(CI / "gitlab-ci.yml")["rdac-new"]["artifacts"]["paths"]
    assert [name for name in kept if not (repository.root / name).is_file()] == []
    shutil.copy(repository.root / "rdac.json", repository.root / "baseline.json")
    assert gitlab(repository, "rdac-new").returncode == 0
    spoil(repository, 3)
    assert gitlab(repository, "rdac-new").returncode == 1


def test_the_hook_is_one_that_pre_commit_takes(repository: Repository) -> None:
    checked = repository.run(f"python -m pre_commit validate-manifest '{ROOT / '.pre-commit-hooks.yaml'}'")
    assert checked.returncode == 0, checked.stdout
    checked = repository.run(f"python -m pre_commit validate-config '{CI / 'pre-commit-config.yaml'}'")
    assert checked.returncode == 0, checked.stdout


def test_the_workflow_uses_only_what_the_action_has() -> None:
    action = loaded(ROOT / "action.yml")
    text = (CI / "github.yml").read_text(encoding="utf-8")
    step = next(step for step in loaded(CI / "github.yml")["jobs"]["validate"]["steps"] if step.get("id") == "rdac")
    assert set(step["with"]) <= set(action["inputs"])
    assert {name for name, field in action["inputs"].items() if field.get("required")} <= set(step["with"])
    assert set(re.findall(r"steps\.rdac\.outputs\.(\w+)", text)) <= set(action["outputs"])
    assert (ROOT / "pyproject.toml").is_file(), "the action installs the folder in which it lies"
