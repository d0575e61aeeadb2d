"""DfE rules on the factors identified at the end of an assessment, and ours on factor codes that no list has."""

from __future__ import annotations

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import (
    START,
    CinRule,
    CodeRule,
    census,
    census_file,
    count,
    in_list,
    present,
    still_to_come,
    tally,
)
from rdac_validator.rules.cin_closures import CLOSED_AFTER_ASSESSMENT
from rdac_validator.tables import ROW, Tables

NO_FACTORS = "21"


class FactorsBeforeEnd(CinRule):
    """An assessment that is not finished has factors.

    Why: factors are what was found at the end of an assessment; before it they are guesses.
    Fix: give the authorisation date if the assessment was finished, otherwise remove the factors.
    """

    code = "8614"
    table = "cin_assessment"
    columns = ("AssessmentAuthorisationDate",)
    message = "Parental or child factors at assessment should only be present for a completed assessment."
    others = ("cin_factor",)
    _factor = {"AssessmentFactors": "3B"}
    good = (
        census_file(cin_assessment=[{"AssessmentAuthorisationDate": "2024-06-01"}], cin_factor=[_factor]),
        census_file(cin_assessment=[{}]),
    )
    bad = (census_file(cin_assessment=[{}], cin_factor=[_factor]),)

    def rows(self, tables: Tables) -> Frame:
        """Assessments with the number of their factors."""
        return tally(tables.as_written(self.table), tables, "cin_factor", "assessment_no", factors=nw.len())

    def applies(self) -> nw.Expr:
        """Assessments with factors."""
        return count("factors") > 0

    def valid(self) -> nw.Expr:
        """The assessment is finished."""
        return present("AssessmentAuthorisationDate")


class FactorsMissing(CinRule):
    """An assessment that was finished in the census year has no valid factor.

    Why: an empty list can mean that nothing was found or that nobody asked; code 21 says that nothing was found.
    Fix: give the factors that were identified, or 21; otherwise give the reason.
    """

    code = "8897Q"
    table = "cin_assessment"
    columns = ("AssessmentAuthorisationDate",)
    message = "Parental or child factors at assessment information is missing from a completed assessment"
    others = ("cin_factor",)
    _done = {"AssessmentAuthorisationDate": "2024-06-01"}
    good = (
        census_file(cin_assessment=[_done], cin_factor=[{"AssessmentFactors": "RB"}, {"AssessmentFactors": "18A"}]),
        census_file(cin_assessment=[{"AssessmentAuthorisationDate": "2024-03-31"}]),
    )
    bad = (
        census_file(cin_assessment=[_done]),
        census_file(cin_assessment=[{"AssessmentAuthorisationDate": "2024-04-01"}]),
        census_file(cin_assessment=[_done], cin_factor=[{"AssessmentFactors": "RB"}]),
        census_file(2021, cin_assessment=[_done], cin_factor=[{"AssessmentFactors": "24A"}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Assessments with the number of their valid factors."""
        listed = in_list(tables.standard.lists["CinFactor"], "AssessmentFactors", legacy=True)
        factors = tables.as_written("cin_factor").join(census(tables), how="cross")
        valid = factors.filter(listed).group_by("assessment_no").agg(factors=nw.len())
        return tables.as_written(self.table).join(valid, on="assessment_no", how="left")

    def applies(self) -> nw.Expr:
        """Assessments finished since the census year began."""
        return nw.col("AssessmentAuthorisationDate") >= nw.col(START)

    def valid(self) -> nw.Expr:
        """At least one valid factor."""
        return count("factors") > 0


class SameFactorTwice(CinRule):
    """An assessment has the same factor twice.

    Why: each factor counts once; a repeated code usually hides another one.
    Fix: remove the repeated code or correct it.
    """

    code = "8898"
    table = "cin_factor"
    columns = ("AssessmentFactors",)
    message = "The assessment has more than one parental or child factors with the same code: this one stands again"
    good = (
        census_file(cin_factor=[{"AssessmentFactors": "3A"}, {"AssessmentFactors": "3B"}]),
        census_file(cin_factor=[{"AssessmentFactors": "3A"}, {"AssessmentFactors": "3A", "assessment_no": "2"}]),
        census_file(cin_factor=[{"AssessmentFactors": ""}, {"AssessmentFactors": ""}]),
    )
    bad = (census_file(cin_factor=[{"AssessmentFactors": "3A"}, {"AssessmentFactors": "3A"}]),)

    def rows(self, tables: Tables) -> Frame:
        """Factors, each with the number of times that it still follows, itself included."""
        return tables.as_written(self.table).with_columns(still_to_come("assessment_no", "AssessmentFactors"))

    def applies(self) -> nw.Expr:
        """Factors that are there."""
        return present("AssessmentFactors")

    def valid(self) -> nw.Expr:
        """The last of its kind."""
        return nw.col("left") == 1


class NoFactorsAndOthers(CinRule):
    """An assessment has "no factors identified" and a factor beside it.

    Why: the two contradict each other.
    Fix: remove 21, or the factors.
    """

    code = "8869"
    table = "cin_factor"
    columns = ("AssessmentFactors",)
    message = 'The assessment factors code "21" cannot be used in conjunction with any other assessment factors.'
    requirements = ("DfE", "R07")
    good = (census_file(cin_factor=[{"AssessmentFactors": "21"}, {"AssessmentFactors": "3A", "assessment_no": "2"}]),)
    bad = (census_file(cin_factor=[{"AssessmentFactors": "21"}, {"AssessmentFactors": "3A"}]),)

    def rows(self, tables: Tables) -> Frame:
        """Factors with the number of other codes than 21 of the assessment."""
        other = (nw.col("AssessmentFactors") != NO_FACTORS).cast(nw.Int64).sum().over("assessment_no")
        return tables.as_written(self.table).with_columns(other.alias("other"))

    def applies(self) -> nw.Expr:
        """The code 21."""
        return nw.col("AssessmentFactors") == NO_FACTORS

    def valid(self) -> nw.Expr:
        """It stands alone."""
        return nw.col("other") == 0


class NoFactorsOtherClosure(CinRule):
    """The only assessment of a closed episode found no factors, and the episode was closed for another reason.

    Why: with nothing found, a case is closed after assessment (RC8, RC9); another reason suggests that factors were not
    recorded. An episode that is still open is not judged.
    Fix: correct the factors or the reason for closure; otherwise give the reason.
    """

    code = "8873Q"
    table = "cin_factor"
    columns = ("AssessmentFactors",)
    message = (
        "Please check and either amend data or provide a reason: When there is only one assessment on the episode and "
        'the factors code "21 No factors identified" has been used for the completed assessment, the reason for '
        "closure 'RC8' or 'RC9' should be used."
    )
    parents = {"cin_assessment": ("AssessmentAuthorisationDate",), "cin_episode": ("ReasonForClosure",)}
    _none = {"AssessmentFactors": "21"}
    _done = {"AssessmentAuthorisationDate": "2024-06-01"}
    good = (
        census_file(cin_factor=[_none], cin_assessment=[_done], cin_episode=[{"ReasonForClosure": "RC8"}]),
        census_file(cin_factor=[_none], cin_assessment=[_done], cin_episode=[{"ReasonForClosure": "RC9"}]),
        census_file(cin_factor=[_none], cin_assessment=[_done], cin_episode=[{}]),
        census_file(cin_factor=[_none], cin_assessment=[{}], cin_episode=[{"ReasonForClosure": "RC7"}]),
        census_file(
            cin_factor=[{"AssessmentFactors": "3A"}], cin_assessment=[_done], cin_episode=[{"ReasonForClosure": "RC7"}]
        ),
        census_file(
            cin_factor=[_none],
            cin_assessment=[_done, _done | {"assessment_no": "2"}],
            cin_episode=[{"ReasonForClosure": "RC7"}],
        ),
    )
    bad = (census_file(cin_factor=[_none], cin_assessment=[_done], cin_episode=[{"ReasonForClosure": "RC7"}]),)

    def rows(self, tables: Tables) -> Frame:
        """Factors with the number of assessments of the episode."""
        return tally(tables.as_written(self.table), tables, "cin_assessment", "episode_no", assessments=nw.len())

    def applies(self) -> nw.Expr:
        """The code 21 on the only, finished assessment of a closed episode."""
        only = (nw.col("AssessmentFactors") == NO_FACTORS) & (count("assessments") == 1)
        return only & present("AssessmentAuthorisationDate") & present("ReasonForClosure")

    def valid(self) -> nw.Expr:
        """Closed after assessment."""
        return nw.col("ReasonForClosure").is_in(CLOSED_AFTER_ASSESSMENT)


class UndividedPhysicalAbuse(CinRule):
    """The undivided code for physical abuse is used.

    Why: from 2020-21 the list tells harm by a child (18B) from harm by an adult (18C), and only a worker can say which.
    Fix: replace 18A by the code that the case file bears out; never by 18C as a matter of course.
    """

    code = "8945Q"
    table = "cin_factor"
    columns = ("AssessmentFactors",)
    message = (
        "Please check and either amend data or provide a reason: the assessment factors code '18A' should not be used "
        "('18B' or '18C' should be used instead)"
    )
    first_year = "2024-25"
    good = (
        census_file(2025, cin_factor=[{"AssessmentFactors": "18C"}]),
        census_file(2024, cin_factor=[{"AssessmentFactors": "18A"}]),
    )
    bad = (census_file(2025, cin_factor=[{"AssessmentFactors": "18A"}]),)

    def valid(self) -> nw.Expr:
        """Another code."""
        return nw.col("AssessmentFactors") != "18A"


class UndividedSexualAbuse(CinRule):
    """The undivided code for sexual abuse is used.

    Why: from 2020-21 the list tells harm by a child (19B) from harm by an adult (19C), and only a worker can say which.
    Fix: replace 19A by the code that the case file bears out; never by 19C as a matter of course.
    """

    code = "8950Q"
    table = "cin_factor"
    columns = ("AssessmentFactors",)
    message = (
        "Please check and either amend data or provide a reason: the assessment factors code '19A' should not be used "
        "('19B' or '19C' should be used instead)"
    )
    first_year = "2024-25"
    good = (
        census_file(2025, cin_factor=[{"AssessmentFactors": "19B"}]),
        census_file(2024, cin_factor=[{"AssessmentFactors": "19A"}]),
    )
    bad = (census_file(2025, cin_factor=[{"AssessmentFactors": "19A"}]),)

    def valid(self) -> nw.Expr:
        """Another code."""
        return nw.col("AssessmentFactors") != "19A"


class UnknownFactor(CodeRule):
    """A factor code is not in the list of the census year.

    Why: the DfE rules ask for one valid factor only, so that a wrong code beside a valid one passes them; it cannot be
    mapped. Codes are written in capitals, as in 18B.
    Fix: give a code of the list of that census year.
    """

    code = "RDAC080"
    table = "cin_factor"
    columns = ("AssessmentFactors",)
    code_list = "CinFactor"
    legacy = True
    message = "this factor code is not in the list of the census year"
    sources = ("cin-xsd:AssessmentFactors",)
    requirements = ("R08",)
    good = (
        census_file(2025, cin_factor=[{"AssessmentFactors": "24A"}]),
        census_file(2025, cin_factor=[{"AssessmentFactors": "18A"}]),
    )
    bad = (
        census_file(2025, cin_factor=[{"AssessmentFactors": "RB"}]),
        census_file(2025, cin_factor=[{"AssessmentFactors": "18b"}]),
        census_file(2025, cin_factor=[{"AssessmentFactors": ""}]),
        census_file(2021, cin_factor=[{"AssessmentFactors": "24A"}]),
    )


class LegacyFactor(CodeRule):
    """A factor code is used that the list of the census year has given up.

    Why: 8A, 18A and 19A went on being returned for years after they were divided. They are read as they stand and never
    turned into one of the codes that replaced them, so that comparisons between years need care.
    Fix: use the divided codes from now on; nothing needs to be done about the past.
    """

    code = "RDAC081"
    severity = Severity.WARNING
    table = "cin_factor"
    columns = ("AssessmentFactors",)
    code_list = "CinFactor"
    message = "this factor code was given up before the census year and is accepted as legacy"
    sources = ("cin-xsd:AssessmentFactors", "dfe-c3-2025:18A")
    requirements = ("R08",)
    good = (
        census_file(2020, cin_factor=[{"AssessmentFactors": "18A"}]),
        census_file(2025, cin_factor=[{"AssessmentFactors": "RB"}]),
    )
    bad = (
        census_file(2021, cin_factor=[{"AssessmentFactors": "18A"}]),
        census_file(2018, cin_factor=[{"AssessmentFactors": "8A"}]),
    )

    def rows(self, tables: Tables) -> Frame:
        """Factors that a reader accepts, and whether the year's own list has them."""
        accepted = in_list(tables.standard.lists[self.code_list], "AssessmentFactors", legacy=True)
        rows = super().rows(tables).join(census(tables), how="cross").filter(accepted)
        return rows.select(ROW, *self.columns, "listed")
