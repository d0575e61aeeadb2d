"""Other tools held against the corpus: what they miss and find beyond is told, and one that breaks never passes."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from rdac_validator import conformance
from rdac_validator.cli import main
from tests.corpus import EXAMPLES

RDAC = f"{sys.executable} -m rdac_validator validate {{case}} --profile {{profile}} --format json"
NAMES = ("invalid/RDAC201-harmed-themselves", "invalid/RDAC106-unknown-code", "invalid/8500-no-child-id")
# what any user of frictionless would run over a folder: our codes for its errors, and no rule of ours
FRICTIONLESS = """
import json, sys, logging
from pathlib import Path
from frictionless import Resource, Schema
package = json.loads(Path(sys.argv[1]).read_text())
codes = {"constraint-error": "RDAC106", "type-error": "RDAC104", "missing-label": "RDAC114"}
found = []
for item in package["resources"]:
    path = Path(sys.argv[2]) / f"{item['name']}.csv"
    if path.is_file():
        schema = Schema.from_descriptor(item["schema"] | {"foreignKeys": []})
        report = Resource(path.name, basepath=str(path.parent), schema=schema).validate()
        for row, column, kind in report.flatten(["rowNumber", "fieldName", "type"]):
            found.append({"code": codes.get(kind, kind), "table": item["name"], "row": row or 0, "columns": [column]})
print(json.dumps(found))
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of three cases, in a folder whose name a shell would take apart."""
    folder = tmp_path / "a corpus; exit 7 #"
    document = json.loads((EXAMPLES / conformance.MANIFEST).read_text("utf-8"))
    document["cases"] = [case for case in document["cases"] if case["name"] in NAMES]
    for name in NAMES:
        shutil.copytree(EXAMPLES / name, folder / name)
    (folder / conformance.MANIFEST).write_text(json.dumps(document))
    return folder


def run(*arguments: object) -> tuple[int, list[str]]:
    done = CliRunner().invoke(main, ["conformance", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output.splitlines()


def tool(folder: Path, text: str) -> str:
    """The command of a small tool, a Python program."""
    path = folder / "tool.py"
    path.write_text(dedent(text), "utf-8")
    return f"{sys.executable} {path}"


def test_rdac_agrees_with_its_own_corpus(corpus: Path) -> None:
    assert run(RDAC, "--corpus", corpus) == (
        0,
        [*(f"{name}: agreed" for name in sorted(NAMES)), "3 cases: 3 agreed, 0 differs, 0 failed"],
    )


def test_a_tool_that_knows_the_structure_alone_misses_the_rules(corpus: Path, tmp_path: Path) -> None:
    package = EXAMPLES.parent / "schema" / "generated" / "datapackage.json"
    command = f"{tool(tmp_path, FRICTIONLESS)} {package} {{case}}"
    code, lines = run(command, "--corpus", corpus, "--kind", "return", "--format", "text")
    assert code == 1
    told = "\n".join(lines)
    assert "RDAC201-harmed-themselves: missed 1" in told
    assert "  missed RDAC201 harm_direction row 2 (person_causing_id, person_experiencing_id)" in lines
    assert "missed RDAC106" not in told, "a code that is not listed is a fault that frictionless finds too"
    assert lines[-1].startswith("2 cases: ")


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("raise SystemExit(3)", "wrote something that is not JSON"),
        ("1 / 0", "wrote something that is not JSON"),
        ("print('Segmentation fault')", "wrote something that is not JSON"),
        ("import sys; sys.stdout.buffer.write(b'\\xff')", "ended with exit code 0 and wrote no findings"),
        ("print('{}')", "wrote JSON that is neither rdac's report nor a list of findings"),
        ("print('[1]')", "wrote JSON that is neither rdac's report nor a list of findings"),
        ("print('null')", "wrote JSON that is neither rdac's report nor a list of findings"),
        (
            'print(\'[{"code": "RDAC201", "table": "person", "row": "2", "columns": []}]\')',
            "wrote JSON that is neither rdac's report nor a list of findings",
        ),
    ],
)
def test_a_tool_that_breaks_failed_and_did_not_find_nothing(
    text: str, failure: str, corpus: Path, tmp_path: Path
) -> None:
    code, lines = run(f"{tool(tmp_path, text)} {{case}}", "--corpus", corpus, "--only", "RDAC201")
    assert (code, lines) == (1, [f"{NAMES[0]}: {failure}", "1 case: 0 agreed, 0 differs, 1 failed"])


def test_a_tool_that_takes_too_long_is_stopped_with_what_it_started(corpus: Path, tmp_path: Path) -> None:
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    child = (
        f"import time, pathlib as p; p.Path({str(begun)!r}).touch(); time.sleep(2.5); p.Path({str(ended)!r}).touch()"
    )
    text = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    code, lines = run(f"{tool(tmp_path, text)} {{case}}", "--corpus", corpus, "--only", "RDAC201", "--timeout", 2)
    assert (code, lines[0]) == (1, f"{NAMES[0]}: took longer than 2 s and was stopped")
    time.sleep(1.5)  # longer than what it started would have needed
    assert begun.exists() and not ended.exists()


def test_a_tool_may_write_its_findings_to_a_file(corpus: Path, tmp_path: Path) -> None:
    text = """
    import json, sys
    print("Checking ...")
    case, out = sys.argv[1:]
    columns = ["person_experiencing_id", "person_causing_id"]
    harmed = {"code": "RDAC201", "table": "harm_direction", "row": 2, "columns": columns, "message": "any"}
    wrong = harmed | {"row": 3}
    open(out, "w").write(json.dumps([harmed, wrong]))
    """
    command = f"{tool(tmp_path, text)} {{case}} {{out}}"
    code, lines = run(command, "--corpus", corpus, "--only", "RDAC201", "--format", "json")
    (case,) = json.loads("\n".join(lines))["cases"]
    assert (code, case["outcome"], case["missed"]) == (1, "differs", [])
    assert [found["row"] for found in case["extra"]] == [3]


def test_the_tool_is_told_case_kind_and_profile_as_whole_words(corpus: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    text = f"import json, sys; open({str(seen)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n'); print('[]')"
    run(f"{tool(tmp_path, text)} {{case}} --as={{kind}}/{{profile}} ';' $HOME", "--corpus", corpus)
    told = [json.loads(line) for line in seen.read_text().splitlines()]
    cases = conformance.cases(corpus)
    assert told == [[str(case.path), f"--as={case.kind}/{case.profile}", ";", "$HOME"] for case in cases]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["echo []"], "write {case} there"),
        (["echo '{case}"], "quotation mark"),
        (["no-such-tool {case}"], "a program that is installed"),
        (["echo {case}", "--only", "RDAC0000"], "no case of the corpus"),
    ],
)
def test_wrong_use_is_one_message(arguments: list[str], said: str, corpus: Path) -> None:
    code, lines = run(*arguments, "--corpus", corpus)
    assert code == 2 and said in " ".join(lines)


def test_a_corpus_that_was_changed_is_refused(corpus: Path) -> None:
    with (corpus / NAMES[0] / "person.csv").open("a") as file:
        file.write("\n")
    code, lines = run("echo {case}", "--corpus", corpus)
    assert code == 2 and "is not as it was published" in " ".join(lines)


@pytest.mark.parametrize(
    "change", [{"path": "../.."}, {"files": {"../manifest.json": ""}}, {"findings": [{}]}, {"x": 1}]
)
def test_a_manifest_that_is_none_or_leads_out_of_the_corpus_is_refused(change: dict[str, object], corpus: Path) -> None:
    document = json.loads((corpus / conformance.MANIFEST).read_text())
    document["cases"] = [document["cases"][0] | change] if "x" not in change else "odd"
    (corpus / conformance.MANIFEST).write_text(json.dumps(document))
    code, lines = run("echo {case}", "--corpus", corpus)
    assert code == 2 and ("corpus" in " ".join(lines))


def test_an_installed_rdac_says_where_the_corpus_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(conformance, "__file__", str(tmp_path / "site-packages" / "rdac_validator" / "conformance.py"))
    code, lines = run("echo {case}")
    assert code == 2 and "--corpus" in " ".join(lines)


def test_every_case_of_the_corpus_is_as_it_was_published() -> None:
    kinds = {case.kind for case in conformance.cases(EXAMPLES, kinds=("return", "census", "mapping"))}
    assert kinds == {"return", "census", "mapping"}
