"""Place without location: an area code becomes a deprivation decile and the name of its index, and is dropped.

The indices, the codes that each was made for and the layouts of files are declared in ``schema/deprivation.yaml``.
"""

from __future__ import annotations

from rdac_validator.place.deciles import DECILE, INDEX, Outcome, Placed, deciles
from rdac_validator.place.files import PlaceError
from rdac_validator.place.layouts import Layouts, layouts
from rdac_validator.place.lookup import Lookup, read

__all__ = ["DECILE", "INDEX", "Layouts", "Lookup", "Outcome", "PlaceError", "Placed", "deciles", "layouts", "read"]
