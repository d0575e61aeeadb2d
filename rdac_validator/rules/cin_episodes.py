"""DfE rules on episodes of need: referral, source, need, and how a child's episodes follow one another."""

from __future__ import annotations

from datetime import date

import narwhals as nw

from rdac_validator.rules.base import Frame
from rdac_validator.rules.cin_base import (
    END,
    START,
    CinRule,
    CodeRule,
    census_file,
    ended_before,
    last_weekday,
    nth_open,
    present,
)
from rdac_validator.tables import Tables

SOURCE_ASKED_FROM = date(2013, 4, 1)


def taken_on() -> nw.Expr:
    """Whether the referral led to further action; null where the flag is missing."""
    return ~nw.col("ReferralNFA")


class ReferralDateMissing(CinRule):
    """A referral date is missing, is no date, or lies after the census year.

    Why: the episode begins with it, and everything that follows is placed in time by it.
    Fix: give the day on which the referral came in.
    """

    code = "8600"
    table = "cin_episode"
    columns = ("CINreferralDate",)
    message = "Child referral date missing or after data collection period"
    good = (census_file(cin_episode=[{"CINreferralDate": "2025-03-31"}]),)
    bad = (
        census_file(cin_episode=[{"CINreferralDate": ""}]),
        census_file(cin_episode=[{"CINreferralDate": "31/03/2024"}]),
        census_file(cin_episode=[{"CINreferralDate": "2025-04-01"}]),
    )

    def valid(self) -> nw.Expr:
        """A date by the end of the census year."""
        return (nw.col("CINreferralDate") <= nw.col(END)).fill_null(value=False)


class ReferredLongBeforeBirth(CinRule):
    """A child was referred more than 40 weeks before birth or expected birth.

    Why: there was no pregnancy yet; one of the dates is wrong or belongs to another child.
    Fix: correct the date that is wrong.
    """

    code = "8606"
    table = "cin_episode"
    columns = ("CINreferralDate",)
    message = "Child referral date is more than 40 weeks before DOB or expected DOB"
    parents = {"cin_child": ("PersonBirthDate", "ExpectedPersonBirthDate")}
    _child = {"PersonBirthDate": "2024-12-31"}
    good = (census_file(cin_episode=[{"CINreferralDate": "2024-03-26"}], cin_child=[_child]),)
    bad = (
        census_file(cin_episode=[{"CINreferralDate": "2024-03-25"}], cin_child=[_child]),
        census_file(
            cin_episode=[{"CINreferralDate": "2024-03-25"}], cin_child=[{"ExpectedPersonBirthDate": "2024-12-31"}]
        ),
    )

    def applies(self) -> nw.Expr:
        """Episodes with a referral date."""
        return present("CINreferralDate")

    def valid(self) -> nw.Expr:
        """At most 280 days before."""
        born = nw.coalesce(nw.col("PersonBirthDate"), nw.col("ExpectedPersonBirthDate"))
        return nw.col("CINreferralDate") >= born.dt.offset_by("-280d")


class NeedMissing(CinRule):
    """A referral that led to further action has no primary need code.

    Why: the need is the reason for the work; N0 says that it was not stated.
    Fix: give the code of the main need, or set the flag if the referral led to no further action.
    """

    code = "8610"
    table = "cin_episode"
    columns = ("ReferralNFA", "PrimaryNeedCode")
    message = "Primary Need code is missing for a referral which led to further action."
    good = (
        census_file(cin_episode=[{"ReferralNFA": "false", "PrimaryNeedCode": "N1"}]),
        census_file(cin_episode=[{"ReferralNFA": "true"}]),
    )
    bad = (census_file(cin_episode=[{"ReferralNFA": "false"}]),)

    def applies(self) -> nw.Expr:
        """Episodes that went further."""
        return taken_on()

    def valid(self) -> nw.Expr:
        """There is a need code."""
        return present("PrimaryNeedCode")


class NeedInvalid(CodeRule):
    """A primary need code is not in the census list.

    Why: other codes have no agreed meaning.
    Fix: give a code of the list.
    """

    code = "8650"
    table = "cin_episode"
    columns = ("PrimaryNeedCode",)
    code_list = "CinPrimaryNeed"
    may_be_blank = True
    message = "Primary Need Code invalid (see Primary Need table in CIN census code set)"
    good = (census_file(cin_episode=[{"PrimaryNeedCode": "N0"}, {"PrimaryNeedCode": "", "episode_no": "2"}]),)
    bad = (census_file(cin_episode=[{"PrimaryNeedCode": "N10"}]),)


class NfaFlagMissing(CinRule):
    """The flag for a referral with no further action is missing or is neither true nor false.

    Why: it tells referrals that ended at the door from those that led to an assessment.
    Fix: give true or false.
    """

    code = "8568"
    table = "cin_episode"
    columns = ("ReferralNFA",)
    message = "RNFA flag is missing or invalid"
    good = (census_file(cin_episode=[{"ReferralNFA": "false"}]),)
    bad = (census_file(cin_episode=[{"ReferralNFA": ""}]), census_file(cin_episode=[{"ReferralNFA": "no"}]))

    def valid(self) -> nw.Expr:
        """True or false stands there."""
        return present("ReferralNFA")


class NfaFromAnotherYear(CinRule):
    """A referral with no further action came in earlier than one working day before the census year.

    Why: what becomes of a referral is decided within a working day, so an earlier one belongs to an earlier census.
    Fix: leave the episode out, correct the referral date, or set ReferralNFA to false; otherwise give the reason.
    """

    code = "8569Q"
    table = "cin_episode"
    columns = ("ReferralNFA", "CINreferralDate")
    message = (
        "A case with referral date before one working day prior to the collection start date must not be flagged as a "
        "no further action case"
    )
    _nfa = {"ReferralNFA": "true"}
    good = (
        census_file(2026, cin_episode=[_nfa | {"CINreferralDate": "2025-03-31"}]),  # a Monday
        census_file(2025, cin_episode=[_nfa | {"CINreferralDate": "2024-03-29"}]),  # a Friday; 31 March is a Sunday
        census_file(cin_episode=[{"CINreferralDate": "2023-05-01", "ReferralNFA": "false"}]),
    )
    bad = (
        census_file(2026, cin_episode=[_nfa | {"CINreferralDate": "2025-03-30"}]),
        census_file(2025, cin_episode=[_nfa | {"CINreferralDate": "2024-03-28"}]),
    )

    def applies(self) -> nw.Expr:
        """Referrals with a date that led to no further action."""
        return present("CINreferralDate") & nw.col("ReferralNFA")

    def valid(self) -> nw.Expr:
        """On the last weekday before the census year, or later."""
        return nw.col("CINreferralDate") >= last_weekday(nw.col(START).dt.offset_by("-1d"))


class TwoOpenEpisodes(CinRule):
    """A child has more than one open episode that led to further action.

    Why: a child is a child in need once at a time; two open episodes count the child twice.
    Fix: close the episode that has ended, or merge the two.
    """

    code = "8815"
    table = "cin_episode"
    columns = ("CINclosureDate", "ReferralNFA")
    message = (
        "More than one open CIN Details episode (a module with no CIN Closure Date) has been provided for this child "
        "and case is not a referral with no further action: another one stands earlier in the file"
    )
    _open = {"ReferralNFA": "false"}
    good = (
        census_file(cin_episode=[_open, {"ReferralNFA": "true", "episode_no": "2"}]),
        census_file(cin_episode=[_open, _open | {"episode_no": "2", "child_no": "2"}]),
        census_file(cin_episode=[_open | {"CINclosureDate": "2024-06-01"}, _open | {"episode_no": "2"}]),
        census_file(cin_episode=[{}, _open | {"episode_no": "2"}]),
    )
    bad = (census_file(cin_episode=[_open | {"episode_no": "2"}, _open]),)

    def rows(self, tables: Tables) -> Frame:
        """Episodes, the open ones of a child numbered."""
        still_open = (~present("CINclosureDate") & taken_on()).fill_null(value=False)
        return nth_open(tables.as_written(self.table), still_open, "child_no", "episode_no")

    def applies(self) -> nw.Expr:
        """Open episodes that went further."""
        return nw.col("nth") > 0

    def valid(self) -> nw.Expr:
        """No other one before it."""
        return nw.col("nth") == 1


class OpenEpisodeNotLatest(CinRule):
    """An open episode that led to further action is not the child's latest one.

    Why: a new referral while a case is open belongs to that case; a later episode means that this one has ended.
    Fix: close the earlier episode, or merge the two.
    """

    code = "8816"
    table = "cin_episode"
    columns = ("CINclosureDate", "CINreferralDate", "ReferralNFA")
    message = (
        "An open CIN episode is shown and case is not a referral with no further action, "
        "but it is not the latest episode."
    )
    _first = {"CINreferralDate": "2024-05-01", "ReferralNFA": "false"}
    good = (
        census_file(
            cin_episode=[_first | {"CINclosureDate": "2024-06-01"}, _first | {"CINreferralDate": "2024-07-01"}]
        ),
        census_file(
            cin_episode=[
                _first | {"ReferralNFA": "true"},
                _first | {"CINreferralDate": "2024-07-01", "episode_no": "2"},
            ]
        ),
    )
    bad = (census_file(cin_episode=[_first, {"CINreferralDate": "2024-07-01", "episode_no": "2"}]),)

    def rows(self, tables: Tables) -> Frame:
        """Episodes with the child's latest referral date."""
        latest = nw.col("CINreferralDate").max().over("child_no")
        return tables.as_written(self.table).with_columns(latest.alias("latest"))

    def applies(self) -> nw.Expr:
        """Open episodes that went further."""
        return ~present("CINclosureDate") & taken_on()

    def valid(self) -> nw.Expr:
        """No later referral."""
        return nw.col("CINreferralDate") >= nw.col("latest")


class EpisodesOverlap(CinRule):
    """An episode begins before an earlier one of the same child was closed.

    Why: the child would be counted twice for the days that both cover. An earlier episode that is still open has rules
    of its own (8815, 8816).
    Fix: correct the dates, or merge the episodes.
    """

    code = "8820"
    table = "cin_episode"
    columns = ("CINreferralDate", "CINclosureDate")
    message = "The dates on the CIN episodes for this child overlap"
    _first = {"CINreferralDate": "2024-05-01", "CINclosureDate": "2024-06-01"}
    good = (
        census_file(cin_episode=[_first, {"CINreferralDate": "2024-06-01", "episode_no": "2"}]),
        census_file(cin_episode=[_first, {"CINreferralDate": "2024-05-31", "episode_no": "2", "child_no": "2"}]),
    )
    bad = (census_file(cin_episode=[{"CINreferralDate": "2024-05-31", "episode_no": "2"}, _first]),)

    def rows(self, tables: Tables) -> Frame:
        """Episodes with the latest closure among the child's earlier ones."""
        closed = tables.as_written(self.table).with_columns(
            nw.coalesce(nw.col("CINclosureDate"), nw.col("CINreferralDate")).alias("_end")
        )
        return ended_before(closed, "CINreferralDate", "_end", "child_no")

    def valid(self) -> nw.Expr:
        """Referred when the earlier ones were closed."""
        return nw.col("CINreferralDate") >= nw.col("taken_until")


class SourceMissing(CodeRule):
    """The source of a referral is missing or is not a code of the census year's list.

    Why: who sees abuse first, and who does not refer, is read from it. 5D exists from 2022-23 only.
    Fix: give a code of the list; 10 says that the source is unknown. Referrals before April 2013 may be without.
    """

    code = "8866"
    table = "cin_episode"
    columns = ("CINreferralDate", "ReferralSource")
    code_list = "CinReferralSource"
    message = "Source of Referral is missing or an invalid code"
    _now = {"CINreferralDate": "2021-05-01"}
    good = (
        census_file(cin_episode=[_now | {"ReferralSource": "1A"}]),
        census_file(cin_episode=[{"CINreferralDate": "2013-03-31"}]),
        census_file(2023, cin_episode=[_now | {"ReferralSource": "5D"}]),
    )
    bad = (
        census_file(cin_episode=[_now]),
        census_file(cin_episode=[{"CINreferralDate": "2013-04-01"}]),
        census_file(cin_episode=[_now | {"ReferralSource": "11"}]),
        census_file(2022, cin_episode=[_now | {"ReferralSource": "5D"}]),
    )

    def applies(self) -> nw.Expr:
        """Referrals since April 2013."""
        return nw.col("CINreferralDate") >= SOURCE_ASKED_FROM
