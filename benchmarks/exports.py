"""Made-up exports of case systems, of any size: for ``examples/exports`` and for the benchmark of ``rdac map``.

    python -m benchmarks.exports examples/exports      writes the examples again

Three families: a wide one (a row a child, with columns of flags and of adults), a long one (several files with codes),
and a Scottish extract of conferences in two shapes. No real child is behind any row.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl

from rdac_validator import formats, mapping
from rdac_validator.formats.writing import PACKAGE
from rdac_validator.pseudonyms import read_key
from rdac_validator.standard import load

Row = dict[str, str]
CHILDREN = {"wide": 40, "long": 40, "scotland": 30}
SEED = 2026
FACTORS = ("3A", "3B", "3C", "4B", "1B", "2B", "16A", "17A", "8B", "10A")
CONCERNS = {
    "Domestic Abuse": 0.5,
    "Emotional abuse": 0.3,
    "Neglect": 0.4,
    "Non-engaging family": 0.15,
    "Parental alcohol use": 0.2,
    "Parental Drug Misuse": 0.2,
    "Parent mental health": 0.3,
    "CSE": 0.05,
    "Temporary Registration Category": 0.05,
}
FLAGS = {
    "DVA Child": 0.2,
    "DVA Parent": 0.5,
    "DVA Other Adult": 0.1,
    "Parent Alcohol": 0.2,
    "Parent Drugs": 0.2,
    "Parent MH": 0.3,
    "Neglect": 0.3,
    "Emotional Abuse": 0.2,
}
HOUSING = {"Overcrowded": 0.2, "Eviction Risk": 0.1, "Temp Accommodation": 0.15}


def some_day(random: Random, first: date, days: int) -> date:
    """A day from ``first``, and at most ``days`` after it."""
    return first + timedelta(days=random.randrange(days))


def british(day: date) -> str:
    """A day as exports write it."""
    return day.strftime("%d/%m/%Y")


def flags(random: Random, chances: dict[str, float]) -> Row:
    """Yes or no to each, and now and then nobody knows."""
    return {name: "Not known" if random.random() < 0.02 else "NY"[random.random() < p] for name, p in chances.items()}


def wide(children: int, seed: int = SEED) -> dict[str, list[Row]]:
    """A row a child: its last referral and assessment, flags, and the two adults of the case."""
    random, rows = Random(seed), []  # noqa: S311 made-up data, no secret
    for number in range(1, children + 1):
        referred = some_day(random, date(2023, 4, 1), 240)
        assessed = some_day(random, referred + timedelta(days=10), 60)
        rows.append(
            {
                "Child ID": f"{100000 + number}",
                "DOB": british(some_day(random, date(2009, 1, 1), 4900)),
                "Gender": random.choice(["Male", "Female", "Female", "Male", "Not known"]),
                "Ethnic Code": random.choice(["WBRI", "WBRI", "WBRI", "APKN", "BAFR", "MWBC", "REFU"]),
                "Disabled": random.choice(["N", "N", "N", "Y", ""]),
                "Household No": f"H{100 + number // 2}",
                "Referral Date": british(referred),
                "Referred By": random.choice(["Police", "School", "Health visitor", "GP", "Anonymous"]),
                "Assessment Completed": british(assessed),
                **flags(random, FLAGS),
                **flags(random, HOUSING),
                "Deprivation 1-10": str(random.randint(1, 10)),
                "Adult 1 ID": f"A{200000 + number}",
                "Adult 1 Relationship": random.choice(["Mother", "Mother", "Father", "Step-parent"]),
                "Adult 1 Seen": random.choice(["Seen", "Seen", "Talked about", "Absent"]),
                "Adult 2 ID": random.choice([f"A{300000 + number}", f"A{300000 + number}", ""]),
                "Adult 2 Relationship": random.choice(["Father", "Partner of parent", "Grandparent"]),
                "Adult 2 Seen": random.choice(["Seen", "Talked about", "Absent"]),
                "Views Sought By": random.choice(["Alone with worker", "Advocate", "Observed", "Not obtained"]),
                "Worker": random.choice(["Team A", "Team B"]),
            }
        )
    return {"children": rows}


def long(children: int, seed: int = SEED) -> dict[str, list[Row]]:
    """Several files with codes: people, referrals, assessments, a row a factor, changes of status."""
    random = Random(seed)  # noqa: S311 made-up data, no secret
    tables: dict[str, list[Row]] = {name: [] for name in ("people", "referrals", "assessments", "factors", "status")}
    for number in range(1, children + 1):
        child = f"{500000 + number}"
        tables["people"].append(
            {
                "PersonRef": child,
                "BirthDate": some_day(random, date(2009, 1, 1), 4900).isoformat(),
                "SexCode": random.choice("MFMFMFU"),
                "EthnicityCode": random.choice(["WBRI", "WBRI", "AIND", "BCRB", "NOBT"]),
                "DisabilityCode": random.choice(["0", "0", "1", "9"]),
                "FamilyRef": f"F{number // 2}",
            }
        )
        for episode in range(random.choice([1, 1, 1, 2])):
            _episode(tables, random, child, f"R{number:06}{episode}", date(2023, 4, 1) + timedelta(days=150 * episode))
    return tables


def _episode(tables: dict[str, list[Row]], random: Random, child: str, ref: str, first: date) -> None:
    referred = some_day(random, first, 60)
    assessed = referred + timedelta(days=random.randint(15, 45))
    closed = random.random() < 0.5
    tables["referrals"].append(
        {
            "ReferralRef": ref,
            "PersonRef": child,
            "ReferralDate": referred.isoformat(),
            "SourceCode": random.choice(["POL", "SCH", "HLTH", "FAM", "OTH"]),
            "ClosureDate": (assessed + timedelta(days=20)).isoformat() if closed else "",
            "ClosureCode": random.choice(["NFA", "XFER"]) if closed else "",
        }
    )
    tables["assessments"].append(
        {
            "AssessmentRef": f"{ref}A",
            "ReferralRef": ref,
            "TypeCode": random.choice(["CFA", "CFA", "S47"]),
            "CompletedDate": assessed.isoformat(),
        }
    )
    chosen = random.sample(FACTORS, random.choice([0, 1, 2, 2, 3, 4]))
    tables["factors"] += [{"AssessmentRef": f"{ref}A", "FactorCode": code} for code in chosen]
    was, became = ("CIN", "CP") if ref.endswith("1") else ("ASS", "CIN")
    tables["status"].append(
        {
            "EventRef": f"{ref}S",
            "PersonRef": child,
            "EventDate": assessed.isoformat(),
            "FromCode": was,
            "ToCode": became,
        }
    )


def scotland(children: int, seed: int = SEED) -> dict[str, list[Row]]:
    """The same conferences in two shapes: concerns as one list, and a column for each concern."""
    random = Random(seed)  # noqa: S311 made-up data, no secret
    listed, flagged = [], []
    decisions = {
        "Initial": ["Registration", "Registration and Referral to SCRA", "Child not Registered", ""],
        "Review": ["Continued Registration", "Name removed from register"],
        "Pre-birth": ["Child not registered-Referral to SCRA", "Registration"],
    }
    for number in range(1, children + 1):
        kind = random.choice(["Initial", "Initial", "Review", "Pre-birth"])
        held = some_day(random, date(2023, 8, 1), 350)
        born = held + timedelta(days=30) if kind == "Pre-birth" else some_day(random, date(2009, 1, 1), 4900)
        concerns = {name for name, chance in CONCERNS.items() if random.random() < chance}
        row = {
            "Child Ref": f"S{7000 + number}",
            "Date of Birth": british(born),
            "Sex": "" if kind == "Pre-birth" else random.choice(["Male", "Female"]),
            "Conference Ref": f"C{9000 + number}",
            "Conference Type": kind,
            "Conference Date": british(held),
            "Decision": random.choice(decisions[kind]),
            "SIMD Decile": str(random.randint(1, 10)),
        }
        listed.append({**row, "Concerns Identified": "; ".join(name for name in CONCERNS if name in concerns)})
        flagged.append({**row, **{name: "Yes" if name in concerns else "No" for name in CONCERNS}})
    return {"conferences": listed, "conferences_by_concern": flagged}


FAMILIES = {"wide": wide, "long": long, "scotland": scotland}


def write(family: str, children: int, folder: Path) -> int:
    """Write a family as CSV files; the number of rows in all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = FAMILIES[family](children)
    for name, rows in tables.items():
        pl.DataFrame(rows).with_columns(pl.all().replace("", None)).write_csv(folder / f"{name}.csv")
    return sum(map(len, tables.values()))


def main(root: Path) -> None:
    """Write the exports of the examples, and the returns that their mappings make of them."""
    for family, children in CHILDREN.items():
        write(family, children, root / family / "export")
        for file in sorted((root / family).glob("mapping*.yaml")):
            expect(file, root / "example.key")


def expect(file: Path, key: Path) -> None:
    """Write the return that a mapping makes of the export beside it."""
    given = mapping.read(file, load())
    tables = mapping.opened(given.inputs, [file.parent / "export"])
    applied = mapping.apply(given, tables, load(), read_key(key))
    out = file.parent / file.stem.replace("mapping", "expected")
    formats.write(applied.tables, out, "csv", load(), force=True)
    (out / PACKAGE).unlink()  # it describes the standard, not the export


if __name__ == "__main__":
    main(Path(sys.argv[1]))
