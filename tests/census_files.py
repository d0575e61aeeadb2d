"""Small census files made for the tests: XML text from what a test wants to say, everything else left out."""

from __future__ import annotations

from pathlib import Path

from rdac_validator.formats import cin_xml
from rdac_validator.standard import load
from rdac_validator.tables import Return

CHILD = "<LAchildID>A1</LAchildID><PersonBirthDate>2012-05-09</PersonBirthDate><Sex>F</Sex>"
ABOUT = "<Ethnicity>WBRI</Ethnicity><Disabilities><Disability>NONE</Disability></Disabilities>"
REFERRAL = "<CINreferralDate>2024-05-01</CINreferralDate><ReferralSource>3A</ReferralSource>"
NOT_NFA = "<ReferralNFA>false</ReferralNFA>"


def header(year: int = 2025, collection: str = "CIN") -> str:
    return (
        f"<Header><CollectionDetails><Collection>{collection}</Collection><Year>{year}</Year>"
        f"<ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails><Source><LEA>201</LEA></Source></Header>"
    )


def episode(inside: str = "", start: str = REFERRAL, end: str = NOT_NFA) -> str:
    return f"<CINdetails>{start}{inside}{end}</CINdetails>"


def child(*episodes: str, ids: str = CHILD, about: str = ABOUT) -> str:
    who = f"<ChildIdentifiers>{ids}</ChildIdentifiers><ChildCharacteristics>{about}</ChildCharacteristics>"
    return f"<Child>{who}{''.join(episodes)}</Child>"


def assessed(*factors: str, start: str = "2024-05-02", end: str = "2024-06-01") -> str:
    found = "".join(f"<AssessmentFactors>{factor}</AssessmentFactors>" for factor in factors)
    group = f"<FactorsIdentifiedAtAssessment>{found}</FactorsIdentifiedAtAssessment>"
    authorised = f"<AssessmentAuthorisationDate>{end}</AssessmentAuthorisationDate>" if end else ""
    start = f"<AssessmentActualStartDate>{start}</AssessmentActualStartDate>"
    return f"<Assessments>{start}{authorised}{group}</Assessments>"


def message(*children: str, head: str | None = None) -> str:
    return f"<Message>{header() if head is None else head}<Children>{''.join(children)}</Children></Message>"


def read(text: str | bytes, folder: Path) -> Return:
    """Read the text of a census file; elements that touch each other are put on lines of their own first."""
    path = folder / "census.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.replace("><", ">\n<").encode())
    return cin_xml.read(path, load())


def line_of(text: str, piece: str, nth: int = 1) -> int:
    """Line on which a piece of the text stands for the nth time, once elements are on lines of their own."""
    lines = text.replace("><", ">\n<").split("\n")
    return [number for number, line in enumerate(lines, 1) if piece in line][nth - 1]
