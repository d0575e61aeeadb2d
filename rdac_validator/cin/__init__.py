"""From a CIN census file to a return of the standard: rows are opened, never guessed.

Names and codes come from the crosswalk ``cin-census``; what the census cannot say is ``not_collected_by_source``. A
row of the return keeps the line of the census file that it comes from, so that a finding points there.
"""

from __future__ import annotations

from rdac_validator.cin.census import Census, CensusError
from rdac_validator.cin.gaps import unsaid, what_it_could_not_say
from rdac_validator.cin.harm import write_harm
from rdac_validator.cin.meetings import write_assessments
from rdac_validator.cin.people import write_dataset, write_episodes, write_persons
from rdac_validator.cin.status import write_status_events
from rdac_validator.crosswalks import Crosswalk, load
from rdac_validator.standard import Standard
from rdac_validator.tables import Return

__all__ = ["CensusError", "to_return", "unsaid", "what_it_could_not_say"]


def to_return(given: Return, standard: Standard, key: bytes, crosswalk: Crosswalk | None = None) -> Return:
    """Map a census file, as :func:`rdac_validator.formats.cin_xml.read` gives it, to the tables of a return.

    ``key`` makes the pseudonyms (:mod:`rdac_validator.pseudonyms`). Among the tables is ``provenance``, a row for each
    coded value that was mapped; ``notes`` say what was left out, and how often. Raises :class:`CensusError` where
    nothing was read or the census year is not known.
    """
    census = Census.open(given, standard, crosswalk or load(), key)
    write_dataset(census)
    children = write_persons(census)
    episodes = write_episodes(census, children)
    meetings = write_assessments(census, episodes)
    write_harm(census, meetings)
    write_status_events(census, episodes)
    census.write_provenance()
    return Return(census.texts, notes=tuple(census.notes))
