"""What must never stand in a return: identifiers, narrative, exact places, keys made from personal details.

Kinds of cell for columns of text, the unknown ones included, and kinds of header for columns that the standard does
not know. The forms of official numbers are from memory except where a source says otherwise. A column that refers to a
key is not looked at: the key is, and a reference that leads nowhere has its own finding.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import ClassVar

import narwhals as nw

from rdac_validator.findings import Severity
from rdac_validator.rules.base import Row, RowRule
from rdac_validator.rules.structural import CellKind, Kind, TextKind
from rdac_validator.standard import Column, Standard
from rdac_validator.tables import DELIMITER

# Python takes the dotted capital and the dotless small i of Turkish for an I in either case; Unicode and polars do not
TURKISH = {0x130: "\0", 0x131: "\0"}

# Tokens that hold nothing looked for here: a hash, a short code, words. With them a clean column costs one pattern.
HASH = "(?:[A-Za-z]{1,2}_)?[0-9A-Za-z]{20,}"
HARMLESS = rf"^(?:(?:{HASH}|[0-9A-Za-z]{{1,4}}|[A-Za-z_]+(?:[0-9]{{2}}(?:_[0-9]{{1,2}})?)?)(?:[|/]|$))*$"

UPN = "[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]"
TEN_DIGITS = "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}"
NATIONAL_INSURANCE = "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"
COURT = "[A-Z]{2}[0-9]{2}[A-Z][0-9]{5}|[A-Z]{3}-[A-Z]{1,2}[0-9]{1,5}-[0-9]{2}"
POSTCODE = "[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}"
PHONE = r"\(?0[1-37](?:[ ()-]{0,2}[0-9]){9}|(?:\+|00)44[ (]{0,2}0?[ )-]{0,2}[1-37](?:[ ()-]{0,2}[0-9]){9}"
EMAIL = r"[0-9A-Z._%+-]+@[0-9A-Z-]+(?:\.[0-9A-Z-]+)+"
SMALL_AREA = "[EW]0[0125][0-9]{6}|S0[0-2][0-9]{6}|S13[0-9]{6}"

_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
BIRTH_DATE = f"{_YEAR}[-_]?{_MONTH}[-_]?{_DAY}|{_DAY}[-_]?{_MONTH}[-_]?(?:{_YEAR}|[0-9]{{2}})"
KEY_OF_PERSON = f"[A-Z]{{0,3}}[-_]?(?:{BIRTH_DATE})[-_]?[A-Z]{{0,3}}|[A-Z]{{2,4}}|[0-9]{{1,12}}"


def _within(pattern: str) -> str:
    """The pattern as a token of its own anywhere in a cell, in either case."""
    return rf"(?is)(?:^|[^0-9A-Z.])({pattern})(?:$|[^0-9A-Z])"


def _official_number(cell: nw.Expr) -> nw.Expr:
    plain = cell.str.contains(_within(f"{UPN}|{NATIONAL_INSURANCE}|{COURT}"))
    return plain | _health_number(cell).fill_null(value=False)


def _health_number(cell: nw.Expr) -> nw.Expr:
    """Whether the first ten digits that stand together are an NHS or CHI number, whose last digit checks the others.

    Both take the weights 10 to 2 modulo 11 (from memory).
    """
    found = nw.when(cell.str.contains(_within(TEN_DIGITS))).then(cell)
    whole = found.str.replace_all(rf"(?is)^.*?(?:^|[^0-9A-Z.])({TEN_DIGITS})(?:$|[^0-9A-Z]).*$", "${1}")
    digits = whole.str.replace_all("[ -]", "")
    weighted = [digits.str.slice(place, 1).cast(nw.Int64) * (10 - place) for place in range(9)]
    check = (11 - nw.sum_horizontal(*weighted) % 11) % 11
    return digits.str.slice(9, 1).cast(nw.Int64) == check


def _contact_detail(cell: nw.Expr) -> nw.Expr:
    return cell.str.contains(_within(f"{POSTCODE}|{PHONE}|{EMAIL}"))


def _token(pattern: str, cell: str) -> str | None:
    """The first token of a cell that has the form of ``pattern``, in plain Python."""
    found = re.search(_within(pattern), cell.translate(TURKISH))
    return found and found[1]


def _has_official_number(cell: str) -> bool:
    return _token(f"{UPN}|{NATIONAL_INSURANCE}|{COURT}", cell) is not None or _has_health_number(cell)


def _has_health_number(cell: str) -> bool:
    digits = [int(digit) for digit in _token(TEN_DIGITS, cell) or "" if digit not in " -"]
    # with its own weight of 1 the check digit makes the sum a multiple of 11
    return bool(digits) and sum(digit * (10 - place) for place, digit in enumerate(digits)) % 11 == 0


def _has_contact_detail(cell: str) -> bool:
    return _token(f"{POSTCODE}|{PHONE}|{EMAIL}", cell) is not None


def _small_area(cell: nw.Expr) -> nw.Expr:
    return cell.str.contains(_within(SMALL_AREA))


class _Unsafe(TextKind, ABC, abstract=True):
    """A kind on cells of text: subclasses say what must not be found, and what it looks like."""

    what: ClassVar[str]
    instead: ClassVar[str]

    def applies_to(self, column: Column) -> bool:
        """Columns of text that are no reference, and unknown columns whose header is not at fault already."""
        return (
            column.type == "string" and not column.references and not forbidden_header(column.notes.get("unknown", ""))
        )

    @abstractmethod
    def found(self, cell: nw.Expr) -> nw.Expr:
        """Whether a cell looks like what must not be there."""

    def valid(self, column: Column, standard: Standard) -> nw.Expr:
        """Nothing found, or not of the column's form at all, which has a finding of its own."""
        cell = nw.col(column.name)
        fine = ~self.found(cell)
        if not column.pattern:
            return fine
        form = column.pattern.removeprefix("^").removesuffix("$")
        return fine | ~cell.str.contains(rf"^(?:{form})(?:{re.escape(DELIMITER)}(?:{form}))*$")

    @abstractmethod
    def sees(self, cell: str) -> bool:
        """Whether one cell looks like what must not be there, in plain Python."""

    def objects(self, cell: str, column: Column, standard: Standard) -> bool:
        """Something is seen, in a cell of the column's form."""
        form = column.pattern.removeprefix("^").removesuffix("$")
        return self.sees(cell) and (not form or all(re.fullmatch(form, part) for part in cell.split(DELIMITER)))

    def plain(self, column: Column, standard: Standard) -> nw.Expr:
        """Nothing but hashes, short codes and words."""
        return nw.col(column.name).str.contains(HARMLESS)

    def message(self, column: Column, standard: Standard) -> str:
        """Names the column by its place where the standard does not know it: its header may itself be personal."""
        return f"{column.name} holds what looks like {self.what}; {self.instead}"


class KeyFromPerson(_Unsafe):
    """A key looks like a date of birth, initials or a number that was counted up or copied from a case system.

    Why: whoever knows the child can find them by such a key, and one such key undoes every other safeguard.
    Fix: make keys by keyed hashing, with a key that stays in the authority; rdac convert does it for census files.
    """

    code = "RDAC902"
    sources = ("rdac-2026:4.5",)
    requirements = ("R04",)
    what = "a date of birth, initials or a running or case number"
    instead = "make keys by keyed hashing"

    def applies_to(self, column: Column) -> bool:
        """Keys."""
        return super().applies_to(column) and column.privacy == "pseudonym_key"

    def found(self, cell: nw.Expr) -> nw.Expr:
        """Like something about the person, and not like an identifier that another kind reports."""
        own = cell.str.contains(f"(?i)^(?:{KEY_OF_PERSON})$")
        return own & ~_official_number(cell) & ~_contact_detail(cell)

    def sees(self, cell: str) -> bool:
        """Like something about the person, and not like an identifier that another kind reports."""
        own = re.fullmatch(f"(?i:{KEY_OF_PERSON})", cell.translate(TURKISH)) is not None
        return own and not _has_official_number(cell) and not _has_contact_detail(cell)


class OfficialNumber(_Unsafe):
    """A cell holds what looks like a UPN, an NHS, CHI or National Insurance number, or a court reference.

    Why: such a number leads straight to a named child or adult; for someone in hiding that can cost their life.
    Fix: take the number out at the source of the extract and use a pseudonym; if it was sent, it is a data breach.
    """

    code = "RDAC910"
    sources = ("rdac-2026:4.5", "dfe-cin-rules:1510")
    requirements = ("R01", "R04")
    what = "a pupil, health, National Insurance or court number"
    instead = "no direct identifier may stand in a return"

    def found(self, cell: nw.Expr) -> nw.Expr:
        """The form of the number, and for health numbers also the check digit."""
        return _official_number(cell)

    def sees(self, cell: str) -> bool:
        """The form of the number, and for health numbers also the check digit."""
        return _has_official_number(cell)


class ContactDetail(_Unsafe):
    """A cell holds what looks like a postcode, a telephone number or an e-mail address.

    Why: where a family lives and how to reach them is what a person causing harm looks for.
    Fix: take it out at the source of the extract; a place enters a return as a deprivation decile and in no other way.
    """

    code = "RDAC911"
    sources = ("rdac-2026:4.5", "what-helps-2021:suitability")
    requirements = ("R01",)
    what = "a postcode, telephone number or e-mail address"
    instead = "no address or contact detail may stand in a return"

    def found(self, cell: nw.Expr) -> nw.Expr:
        """The form of any of the three."""
        return _contact_detail(cell)

    def sees(self, cell: str) -> bool:
        """The form of any of the three."""
        return _has_contact_detail(cell)


class SmallArea(_Unsafe):
    """A cell holds what looks like the code of a small area, such as an LSOA, a data zone or a ward.

    Why: a few streets and a child's age are enough to find a family, and a move shows from one return to the next.
    Fix: join the deprivation decile inside the authority, then drop the area code before the extract is written.
    """

    code = "RDAC912"
    sources = ("rdac-2026:4.5",)
    requirements = ("R03",)
    what = "the code of a small area"
    instead = "give the deprivation decile and never the area"

    def found(self, cell: nw.Expr) -> nw.Expr:
        """The form of a code of output areas, LSOAs, MSOAs, data zones, intermediate zones or wards."""
        return _small_area(cell)

    def sees(self, cell: str) -> bool:
        """The form of any of the codes."""
        return _token(SMALL_AREA, cell) is not None


SAFETY_KINDS: tuple[CellKind, ...] = (KeyFromPerson(), OfficialNumber(), ContactDetail(), SmallArea())


class HeaderKind(Kind, abstract=True):
    """A requirement on the header of a column that the standard does not know: ``words`` may not stand in it."""

    words: ClassVar[str]
    message: ClassVar[str]

    @classmethod
    def forbids(cls, header: str) -> bool:
        """Whether a header, in whatever style it is written, holds a forbidden word."""
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|[^0-9A-Za-z]+", " ", header).lower()
        return re.search(rf"\b(?:{cls.words})\b", spaced) is not None


class IdentifierColumn(HeaderKind):
    """A column's name says that it holds a direct identifier.

    Why: a name, address or number in a shared file can reach the person whom the family must be kept safe from.
    Fix: drop the column from the extract; the standard needs pseudonyms and months of birth, never who someone is.
    """

    code = "RDAC901"
    sources = ("rdac-2026:4.5",)
    requirements = ("R01",)
    message = "a column that the standard does not know is named like a direct identifier; drop it"
    words = (
        r"names?|(?:fore|sur|first|last|middle|full|given|family|user|maiden)names?|initials|alias(?:es)?"
        r"|address(?:es)?(?! safety)|post ?codes?|uprn|usrn|(?:tele)?phones?|mobile|e ?mails?|contact details?"
        r"|upn|nhs|chi(?: n(?:o|umber))?|hospital n(?:o|umber)|nino|ni n(?:o|umber)|national insurance|passport"
        r"|home office|court(?: \w+)* (?:ref(?:erence)?|n(?:o|umber))|case n(?:o|umber)|l ?a ?child ?id"
        r"|dob|birth ?da(?:y|te)|date of birth"
    )


class NarrativeOrPlaceColumn(HeaderKind):
    """A column's name says that it holds narrative, a nationality or an exact place.

    Why: free text names people whatever its author meant; nationality and place put people at risk, and no decision
    that the standard serves needs them.
    Fix: drop the column; what it was for has a coded field (rdac explain), such as recourse_to_public_funds or topics.
    """

    code = "RDAC904"
    sources = ("what-helps-2021:suitability", "rdac-2026:4.5")
    requirements = ("R02", "R03")
    message = (
        "a column that the standard does not know is named like free text, a nationality or an exact place; drop it"
    )
    words = (
        r"free ?text|text|notes?|case ?notes?|comments?|narratives?|descriptions?|remarks?|summar(?:y|ies)|details"
        r"|quotes?|transcripts?|chronolog(?:y|ies)|nationalit(?:y|ies)|citizenship|country of birth|immigration status"
        r"|latitude|longitude|lat|lon|lng|easting|northing|grid ref(?:erence)?|what ?3 ?words|coordinates"
        r"|[lm]soa(?: ?[0-9]+)?|output area|data ?zone|ward|street|town|village"
    )


HEADER_KINDS: tuple[type[HeaderKind], ...] = (IdentifierColumn, NarrativeOrPlaceColumn)


def forbidden_header(header: str) -> bool:
    """Whether a column that the standard does not know may not stand in a return, by its name alone."""
    return any(kind.forbids(header) for kind in HEADER_KINDS)


class OwnWords(RowRule):
    """A person's own words stand in a return that is not for local use only.

    Why: children and adults spoke on the understanding that it stays private; their words name people and places.
    Fix: drop voice_text from what leaves the authority; the coded topics are what is shared. To check a file that stays
    in the authority, use rdac validate --local-only.
    """

    code = "RDAC903"
    severity = Severity.ERROR
    table = "family_voice"
    columns = ("voice_text",)
    message = "voice_text is filled in; a person's own words stay in the local system"
    sources = ("what-helps-2021:suitability",)
    requirements = ("R02",)
    good: tuple[Row, ...] = ({"voice_text": ""}, {"method": "not_asked"})
    bad: tuple[Row, ...] = ({"method": "one_to_one", "voice_text": "I kept that private"},)

    def valid(self) -> nw.Expr:
        """Nothing written."""
        return nw.col("voice_text").is_null()


class PlaceNotWithheld(RowRule):
    """A deprivation decile is given although the family's address has to be kept from someone.

    Why: a decile, a local authority and a date can narrow down where a refuge is or a family has moved to.
    Fix: put withheld_for_safety in deprivation_decile; leave address_safety as it is.
    """

    code = "RDAC905"
    severity = Severity.ERROR
    table = "family_circumstances"
    columns = ("address_safety", "deprivation_decile")
    message = "deprivation_decile is given although address_safety is not standard; write withheld_for_safety"
    sources = ("rdac-2026:4.5", "what-helps-2021:suitability")
    requirements = ("R03",)
    good: tuple[Row, ...] = (
        {"address_safety": "standard", "deprivation_decile": "3"},
        {"address_safety": "confidential", "deprivation_decile": "withheld_for_safety"},
        {"address_safety": "not_asked", "deprivation_decile": "3"},
    )
    bad: tuple[Row, ...] = (
        {"address_safety": "refuge_or_safe_accommodation", "deprivation_decile": "3"},
        {"address_safety": "confidential", "deprivation_decile": "10"},
        {"address_safety": "withheld_for_safety", "deprivation_decile": "3"},
        {"address_safety": "not_safe_to_ask", "deprivation_decile": "3"},
    )

    def applies(self) -> nw.Expr:
        """Addresses that are kept from someone, or whose safety is itself kept back."""
        hidden = nw.col("address_safety.missing").is_in(["withheld_for_safety", "not_safe_to_ask"])
        return nw.coalesce(nw.col("address_safety") != "standard", hidden)

    def valid(self) -> nw.Expr:
        """No decile."""
        return nw.col("deprivation_decile").is_null()
