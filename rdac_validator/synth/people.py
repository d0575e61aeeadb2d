"""Families of a synthetic return: who is in them, how old they are, and which harm is said to be there."""

from __future__ import annotations

from dataclasses import dataclass, field

from rdac_validator.synth.shares import Draw, iso, month, years_before

FEMALE, MALE = "female", "male"
BANDS = {"0-4": (0, 4), "5-9": (5, 9), "10-15": (10, 15), "16-17": (16, 17), "10-17": (10, 17)}
# A birthday stays this many days away from anything that happens, so that ages do not hang on a day nobody has.
CLEAR = 40
YEAR = 365
TERM = 200


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a family. ``born`` is an ordinal day; for an unborn child the day on which they are expected."""

    key: str
    kind: str
    role: str
    sex: str
    born: int

    def age(self, day: int) -> int:
        """Whole years on a day, of 365.25 days."""
        return int((day - self.born) / 365.25)


@dataclass(slots=True)
class Family:
    """A family: ``adults`` by what they are to the children, ``children`` from the oldest, the day of the referral.

    ``harmed`` says who is said to be subjected to domestic abuse: a parent, the child, another person in the home.
    ``parents`` says how the parents live.
    """

    key: str
    referred: int
    parents: str = "living_together"
    harmed: tuple[str, ...] = ()
    adults: dict[str, Person] = field(default_factory=dict)
    children: list[Person] = field(default_factory=list)

    @property
    def referred_year(self) -> int:
        """The calendar year of the referral."""
        return int(iso(self.referred)[:4])

    def carer(self) -> Person:
        """The adult who looks after the children: the mother where there is one."""
        return self.adults.get("mother") or next(iter(self.adults.values()))


def family(draw: Draw, nation: str, referred: int, last: int, most: int) -> Family:
    """A family of at most ``most`` children, referred on the day ``referred`` of a period that ends on ``last``."""
    home = Family(draw.key("f"), referred, draw("parents"))
    if draw.chance("dva", nation):
        home.harmed = _harmed(draw)
    count = min(most, int(draw("children_of_family")))
    born = sorted(_birthday(draw, nation, referred, last) for _ in range(count))
    home.children = [_child(draw, nation, day, referred) for day in born]
    _grown_ups(draw, home, min(born))
    return home


def _harmed(draw: Draw) -> tuple[str, ...]:
    """Who is harmed, by the prevalence of the three factors among assessments that have one of them."""
    names = {"3A": "child", "3B": "parent", "3C": "other"}
    return tuple(names[code] for code in draw.several("factors/dva") if code in names) or ("parent",)


def _birthday(draw: Draw, nation: str, referred: int, last: int) -> int:
    """A day of birth; the child is under 18 on ``last``, and an unborn child is expected about then or later."""
    band = draw("age", nation)
    unborn = band == "unborn" or (nation == "england" and band == "0-4" and draw.chance("unborn", nation))
    if unborn and last - referred < TERM:
        return draw.between(max(referred + TERM // 2, last), referred + TERM + CLEAR)
    youngest, oldest = BANDS.get(band, BANDS["0-4"])
    born = years_before(referred, draw.between(youngest, oldest), draw.between(CLEAR, YEAR - CLEAR))
    return max(born, years_before(last, 18) + CLEAR)


def _child(draw: Draw, nation: str, born: int, referred: int) -> Person:
    if born > referred:
        return Person(draw.key("p"), "unborn", "child", "not_applicable", born)
    return Person(draw.key("p"), "child", "child", draw("person.sex", nation), born)


def _grown_ups(draw: Draw, home: Family, oldest: int) -> None:
    """The adults: each as a share says; in a family with abuse there are always two, and whoever is harmed."""
    referred, other = home.referred, "other" in home.harmed
    if other or draw.chance("adult_sibling"):
        born = years_before(referred, draw.between(19, 23), draw.between(0, 300))
        home.adults["adult_sibling"] = Person(
            draw.key("p"), "adult", "adult_sibling", draw("sex_of_adult_sibling"), born
        )
        oldest = min(oldest, born)
    oldest = min(oldest, referred)
    fathers = bool(home.harmed) or draw.chance("father_there")
    if home.harmed or draw.chance("mother_there") or not fathers:
        _add(draw, home, "mother", FEMALE, years_before(oldest, draw.between(19, 34), draw.between(0, YEAR)))
    if fathers:
        _add(draw, home, "father", MALE, years_before(oldest, draw.between(20, 40), draw.between(0, YEAR)))
    partner = draw("partner")
    if partner != "none":
        sex = FEMALE if draw.chance("partner_is_female") else MALE
        _add(draw, home, partner, sex, years_before(referred, draw.between(24, 48), draw.between(0, YEAR)))
    if other or draw.chance("grandparent"):
        _add(draw, home, "grandparent", FEMALE, years_before(home.carer().born, draw.between(20, 32)))
    home.adults = {role: home.adults[role] for role in sorted(home.adults, key=ORDER.index)}


ORDER = ("mother", "father", "step_parent", "parents_partner", "grandparent", "adult_sibling", "other_relative")


def _add(draw: Draw, home: Family, role: str, sex: str, born: int) -> None:
    home.adults[role] = Person(draw.key("p"), "adult", role, sex, born)


def relative(draw: Draw, home: Family) -> Person:
    """Another relative of the father, who joins the family."""
    _add(draw, home, "other_relative", FEMALE, years_before(home.adults["father"].born, draw.between(20, 30)))
    return home.adults["other_relative"]


def row(draw: Draw, person: Person, nation: str) -> dict[str, str]:
    """The cells of a row of ``person``; what is not given here is drawn."""
    group = draw("ethnicity", nation)
    code = draw(f"ethnicity/{nation}/{group}")
    scheme = {"england": "dfe_cin", "scotland": "scotland_2001"}[nation]
    return {
        "person_id": person.key,
        "person_kind": person.kind,
        "birth_month": month(person.born),
        "sex": person.sex,
        "ethnicity_code": code,
        "ethnicity_scheme": code if group == "unknown" else scheme,
    }
