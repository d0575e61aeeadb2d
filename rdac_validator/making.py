"""What the commands that make synthetic data do, without the terminal: write it, and say in sentences what it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rdac_validator import formats, study
from rdac_validator import synth as synthetic
from rdac_validator.check import check
from rdac_validator.formats import cin_write
from rdac_validator.reports import text
from rdac_validator.standard import PROFILES, Standard

CHILDREN, CHILDREN_A_FAULT = 100, 5
DEMO_CHILDREN, DEMO_FAULTS, DEMO_SEED = 40, 12, 24


def synth(
    out: Path, standard: Standard, *, children: int | None, seed: int, faults: int, form: str, force: bool
) -> list[str]:
    """Write a synthetic return or census to the folder ``out``; what was done, in sentences.

    Without ``children`` there are a hundred, or as many as the faults need: each has a family of its own.
    Raises :class:`~rdac_validator.findings.InputError` where ``out`` may not be written or a census is to have faults.
    """
    children = children or max(CHILDREN, CHILDREN_A_FAULT * faults)
    if form == "cin-xml":
        return _synthetic_census(out, standard, children, seed, faults, force)
    answers = out.absolute().with_name(f"{out.absolute().name}.faults.json")
    if faults and answers.exists() and not force:
        raise formats.WriteError(f"{answers.name} exists already: name another folder, or say --force to replace it")
    formats.may_write(out, force)
    tables = synthetic.make(children, seed, standard)
    said = [f"A synthetic return of {text.plural(children, 'child', 'children')} written to {out} (seed {seed})."]
    if faults:
        try:
            tables, key = synthetic.plant(tables, faults, seed, standard, form)
        except ValueError as few:
            raise formats.WriteError(str(few)) from None
        said.append(f"{text.plural(faults, 'fault')} planted; {answers.name} beside it lists them.")
    formats.write(tables, out, form, standard, force=force)
    if faults:
        formats.write_file(answers, synthetic.to_json(key).encode())
    return [*said, f"Check it: rdac validate {out} --profile extended"]


def like(out: Path, standard: Standard, *, site: str, seed: int, form: str, force: bool) -> list[str]:
    """Write a synthetic return with the published figures of a study site; what was done, in sentences.

    Raises :class:`~rdac_validator.findings.InputError` where ``out`` may not be written.
    """
    formats.may_write(out, force)
    published = study.load()
    tables = study.make(published, site, standard, seed)
    formats.write(tables, out, form, standard, force=force)
    records = text.plural(tables["assessment"].height, "record")
    taken = published.sites[site].taken
    return [
        f"{records} with the published figures of site {site} written to {out} (seed {seed}).",
        "They describe nobody: how the figures go together is made up.",
        *(f"{about}, where the report contradicts itself ({one.id}): {one.why}." for about, one in taken.items()),
        f"Check it: rdac validate {out} --profile {PROFILES[0]}",
    ]


def _synthetic_census(out: Path, standard: Standard, children: int, seed: int, faults: int, force: bool) -> list[str]:
    if faults:
        raise formats.WriteError("faults are planted in returns (csv or parquet), not in a census")
    with formats.new_folder(out, force) as folder:
        cin_write.write(synthetic.census(children, seed, standard), folder / "census.xml", standard)
    return [
        f"A synthetic CIN census of {text.plural(children, 'child', 'children')} written to {out / 'census.xml'}.",
        f"Check it: rdac validate {out / 'census.xml'}",
    ]


def demo(standard: Standard) -> str:
    """Plant faults in a synthetic return, check it, and give the report with what to try next."""
    with tempfile.TemporaryDirectory(prefix="rdac-demo-") as temporary:
        folder = Path(temporary) / "return"
        synth(folder, standard, children=DEMO_CHILDREN, seed=DEMO_SEED, faults=DEMO_FAULTS, form="csv", force=False)
        report = check(formats.read(folder, standard), standard, profile="extended")
    return "\n".join([*DEMO_HEAD, text.render(report), *DEMO_TAIL])


DEMO_HEAD = (
    f"$ rdac synth return/ --children {DEMO_CHILDREN} --seed {DEMO_SEED} --faults {DEMO_FAULTS}",
    "$ rdac validate return/ --profile extended",
    "",
)
DEMO_TAIL = (
    "Nobody's record was shown: a finding names table, file, line and column, and",
    "never a value.",
    "",
    "Try next:",
    "  rdac explain RDAC201                            why a rule is there, and how to mend it",
    "  rdac synth return/ --children 100 --faults 20   a faulty return of your own",
    "  rdac validate return/ --show-values             the cells at fault, on your screen only",
    "  rdac validate census.xml                        your CIN census file",
    "  rdac template blank/                            blank files to fill in",
)
