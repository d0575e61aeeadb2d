"""The faulty census files: a clean small census, and over it the bad rows that a rule states of itself.

A rule's own case is bare: the rows that it needs and no other cell. Here it is laid over a census that is clean, row by
row. :data:`OVER` says what else must be written so that the case stands alone, :data:`ALSO` what is found with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from rdac_validator.check import check
from rdac_validator.findings import Report
from rdac_validator.formats import cin_write, cin_xml
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.standard import load
from tests.corpus_files import instead

Cells = Mapping[str, str]
Rows = Mapping[str, Sequence[Cells]]
FILE = "census.xml"

IN_CHILD = {"child_no": "1"}
IN_EPISODE = IN_CHILD | {"episode_no": "1"}
CLEAN: Mapping[str, Cells] = {
    "cin_header": {
        "Collection": "CIN",
        "Year": "2025",
        "ReferenceDate": "2025-03-31",
        "SourceLevel": "L",
        "LEA": "999",
        "SoftwareCode": "synthetic",
        "Release": "1",
        "SerialNo": "1",
        "DateTime": "2025-05-01T09:00:00",
    },
    "cin_child": IN_CHILD
    | {
        "LAchildID": "SYN1",
        "PersonBirthDate": "2012-05-09",
        "Sex": "F",
        "Ethnicity": "WBRI",
        "UPNunknown": "UN3",
    },
    "cin_disability": IN_CHILD | {"Disability": "NONE"},
    "cin_episode": IN_EPISODE
    | {"CINreferralDate": "2024-05-01", "ReferralSource": "3A", "PrimaryNeedCode": "N1", "ReferralNFA": "false"},
    "cin_assessment": IN_EPISODE
    | {
        "assessment_no": "1",
        "AssessmentActualStartDate": "2024-05-02",
        "AssessmentAuthorisationDate": "2024-06-01",
    },
    "cin_factor": IN_EPISODE | {"assessment_no": "1", "AssessmentFactors": "3B"},
    "cin_plan": IN_EPISODE | {"CINPlanStartDate": "2024-06-02"},
    "cin_section47": IN_EPISODE
    | {
        "S47ActualStartDate": "2024-05-03",
        "InitialCPCtarget": "2024-05-24",
        "DateOfInitialCPC": "2024-05-20",
        "ICPCnotRequired": "false",
    },
    "cin_cpp": IN_EPISODE
    | {
        "cpp_no": "1",
        "CPPstartDate": "2024-05-20",
        "InitialCategoryOfAbuse": "EMO",
        "LatestCategoryOfAbuse": "EMO",
        "NumberOfPreviousCPP": "0",
    },
    "cin_review": IN_EPISODE | {"cpp_no": "1", "CPPreviewDate": "2024-08-12"},
}
ALWAYS = ("cin_header", "cin_child", "cin_disability", "cin_episode", "cin_assessment", "cin_factor")
# a child protection plan follows an enquiry with a conference, and is reviewed
PROTECTION = ("cin_section47", "cin_cpp", "cin_review")

NOT_ASSESSED: Rows = {"cin_assessment": [], "cin_factor": []}
UNFINISHED: Rows = {"cin_assessment": [{"AssessmentAuthorisationDate": ""}], "cin_factor": []}
CLOSED_LATE: Rows = {"cin_episode": [{"CINclosureDate": "2025-03-25", "ReasonForClosure": "RC1"}]}
CLOSED_ON: Rows = {"cin_episode": [{"CINclosureDate": "2024-07-01"}]}
REASON: Rows = {"cin_episode": [{"ReasonForClosure": "RC1"}]}


def conference(day: str, start: str = "2024-05-03") -> Rows:
    """An enquiry that led to a conference on a day."""
    return {"cin_section47": [{"S47ActualStartDate": start, "DateOfInitialCPC": day}]}


AWAITED: Rows = {"cin_section47": [{"DateOfInitialCPC": ""}]}
UNBORN: Rows = {**NOT_ASSESSED, "cin_episode": [{"CINreferralDate": "2024-11-01"}]}
JUST_STARTED = {"AssessmentActualStartDate": "2025-03-01", "AssessmentAuthorisationDate": ""}
JUST_ASKED = {"S47ActualStartDate": "2025-03-20", "DateOfInitialCPC": ""}
OVER: Mapping[str, Rows] = {
    "2884": conference("2024-05-01", "2024-05-01"),
    "2990": CLOSED_ON,
    "4000": NOT_ASSESSED,
    "4001": {"cin_review": []},
    "4009Q": {"cin_child": [{"PersonDeathDate": "2024-06-10"}], "cin_plan": [{"CINPlanEndDate": "2024-06-11"}]},
    "4016": conference("2024-05-01", "2024-05-01"),
    "4017": conference("2024-05-31"),
    "8510": {
        "cin_disability": [{}, {"child_no": "2"}],
        "cin_episode": [{}, {"child_no": "2", "episode_no": "2"}],
        "cin_assessment": [{}, {"child_no": "2", "episode_no": "2", "assessment_no": "2"}],
        "cin_factor": [{}, {"child_no": "2", "episode_no": "2", "assessment_no": "2"}],
    },
    "8525Q": {**UNBORN, "cin_child": [{"PersonBirthDate": "", "Sex": "U"}]},
    "8530Q": {**UNBORN, "cin_child": [{"PersonBirthDate": "", "Sex": "U"}]},
    "8535Q": {"cin_child": [{"PersonBirthDate": "2024-05-09", "PersonDeathDate": "2024-05-08"}]},
    "8565": REASON,
    "8569Q": NOT_ASSESSED,
    "8585Q": CLOSED_ON,
    "8590": {**NOT_ASSESSED, "cin_episode": []},
    "8610": {"cin_episode": [{"PrimaryNeedCode": ""}]},
    "8614": {"cin_assessment": [JUST_STARTED]},
    "8615": conference("2024-05-17", "2024-05-20"),
    "8620": REASON,
    "8630": REASON,
    "8640": CLOSED_ON,
    "8670Q": UNFINISHED,
    "8675Q": AWAITED,
    "8736": {**UNFINISHED, "cin_episode": [{"CINreferralDate": "2024-03-30"}]},
    "8740": {**AWAITED, "cin_episode": [{"CINreferralDate": "2024-03-30"}]},
    "8720": {"cin_review": []},
    "8750": {**UNBORN, "cin_child": [{"PersonBirthDate": ""}]},
    "8805": CLOSED_ON,
    "8820": {"cin_episode": [{}, {"ReasonForClosure": "RC1"}]},
    "8825Q": {**NOT_ASSESSED, **CLOSED_ON},
    "8832": NOT_ASSESSED,
    "8839": {"cin_section47": [JUST_ASKED, JUST_ASKED | {"S47ActualStartDate": "2025-03-21"}]},
    "8840": conference("2024-05-01", "2024-05-01"),
    "8841": conference("2024-05-01", "2024-05-01"),
    "8863Q": {"cin_factor": [{}, {"assessment_no": "2"}]},
    "8867": {**CLOSED_LATE, "cin_assessment": [JUST_STARTED], "cin_factor": []},
    "8868": {**CLOSED_LATE, "cin_section47": [JUST_ASKED]},
    "8873Q": CLOSED_ON,
    "8896": {
        "cin_assessment": [JUST_STARTED, JUST_STARTED],
        "cin_factor": [],
    },
    "8897Q": {"cin_factor": []},
    "8915": {"cin_cpp": [{"CPPstartDate": "2024-05-20"}], "cin_child": [{"PersonDeathDate": "2024-05-19"}]},
    "8920": {"cin_cpp": [{"CPPendDate": "2024-09-02"}], "cin_child": [{"PersonDeathDate": "2024-09-01"}]},
    "8925": {"cin_cpp": [{"CPPstartDate": "2024-05-20", "CPPendDate": "2024-05-19"}]},
    "RDAC081": {
        "cin_header": [{"Year": "2025", "ReferenceDate": "2025-03-31"}],
        "cin_factor": [{"AssessmentFactors": "8A"}],
    },
}
# what a file that shows one fault cannot help showing as well
ALSO: Mapping[str, frozenset[str]] = {
    code: frozenset(others.split())
    for code, others in {
        "1105": "2885",  # the conference came after the referral
        "2883": "8935 8940 8615",  # two plans at once
        "4001": "4016",
        "4003": "4016",
        "4004": "4014",
        "4016": "4003",
        "8520": "8606",  # referred long before birth
        "8630": "8565",
        "8736": "8670Q",  # whatever began in another year has taken too long
        "8816": "8815",
        "8832": "2991Q 8831",
        "8839": "8890",
        "8842Q": "RDAC059",  # a blank date is no element; one that is no date is a fault of reading too
        "8896": "8863Q",
        "8935": "2883 2885 8940",
        "8940": "2883 2885",
        "8945Q": "RDAC081",
        "8950Q": "RDAC081",
        "RDAC058": "100",  # what has no date has no right one
        "RDAC080": "8897Q",  # an assessment with no factor of the list
    }.items()
}
Change = Callable[[str], str]


TEXTS: Mapping[str, Change] = {
    "RDAC050": lambda text: text[: text.index("<CINdetails>") + 20],
    "RDAC051": instead("<Message>", '<!DOCTYPE Message [<!ENTITY a "a">]>\n<Message>'),
    "RDAC052": instead("<Collection>CIN<", "<Collection>CLA<"),
    "RDAC053": instead("</CINdetails>", "<Local>1</Local>\n      </CINdetails>"),
    "RDAC054": instead("<CINdetails>", "<Ethnicity>WBRI</Ethnicity>\n      <CINdetails>"),
    "RDAC055": instead("<Sex>F</Sex>", "<Sex>F</Sex>\n        <Sex>M</Sex>"),
    "RDAC056": instead("<CINdetails>", "<CINdetails>lost"),
    "RDAC057": instead("<CINdetails>", "<CINdetails>" + "<Local>" * 80 + "</Local>" * 80),
    "RDAC058": lambda text: re.sub(r" *<(Year|ReferenceDate)>.*\n", "", text),
    "RDAC059": instead("2024-05-02", "2 May 2024"),
    "RDAC060": lambda text: text[: text.index("<Child>")] + text[text.index("</Children>") :],
}


def laid_over(case: Rows, over: Rows) -> dict[str, list[Cells]]:
    """The rows of a case with further cells, row by row; a table with no rows in ``over`` is left out."""
    both: dict[str, Any] = {
        name: zip_longest(case.get(name, ()), over.get(name, ()), fillvalue={}) for name in {**case, **over}
    }
    return {
        name: [{**row, **more} for row, more in rows] if over.get(name, True) else [] for name, rows in both.items()
    }


def whole(rows: Rows) -> dict[str, list[Cells]]:
    """The rows of the clean census with these laid over them."""
    with_protection = {"cin_cpp", "cin_review"} & set(rows)
    shown = (*ALWAYS, *(PROTECTION if with_protection else ()))
    clean: dict[str, list[Cells]] = {name: [CLEAN[name]] for name in shown}
    return clean | {name: [{**CLEAN[name], **row} for row in some] for name, some in rows.items()}


def xml(rows: Rows) -> str:
    """Rows of the census tables as a census file."""
    frames = {
        table.name: pl.DataFrame(
            {name: [row.get(name, "") for row in rows.get(table.name, ())] for name in table.names},
            schema=dict.fromkeys(table.names, pl.String),
        )
        for table in load().source_tables
    }
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        cin_write.write(frames, path, load())
        return path.read_text(encoding="utf-8")


def of_rule(code: str, number: int) -> str:
    """The census file in which the bad case ``number`` of a DfE rule stands."""
    return xml(whole(laid_over(BAD[code][number], OVER.get(code, {}))))


def of_reader(code: str) -> str:
    """The census file with a fault of reading."""
    return TEXTS[code](xml(whole({})))


def found_in(text: str) -> Report:
    """What a check finds in the text of a census file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_text(text, encoding="utf-8")
        return checked(path)


def checked(path: Path) -> Report:
    """What a check finds in a census file."""
    return check(cin_xml.read(path, load()), load(), profile="t0", rules=CIN_RULES, structure=False)


def quietest(code: str) -> int:
    """The number of the bad case of a rule that leads to the fewest other findings; the first of those.

    A case of the clean census's own year is chosen before one of another.
    """
    cases = [laid_over(case, OVER.get(code, {})) for case in BAD[code]]
    codes = [{group.code for group in found_in(xml(whole(case))).groups} for case in cases]
    days = [case["cin_header"][0].get("ReferenceDate") for case in cases]
    year = CLEAN["cin_header"]["ReferenceDate"]
    return min(range(len(cases)), key=lambda n: (code not in codes[n], days[n] != year, len(codes[n])))


BAD: Mapping[str, Sequence[Rows]] = {rule.code: rule.bad for rule in CIN_RULES}
CODES = (*BAD, *TEXTS)
