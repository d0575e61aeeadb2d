"""From a case system's export to a return, by a mapping file that is declared and never coded.

The file is described in ``schema/mapping.schema.json`` and on the page ``mapping-file`` of the site.
"""

from __future__ import annotations

from rdac_validator.mapping.applying import Applied, apply
from rdac_validator.mapping.checking import Checked, check
from rdac_validator.mapping.document import Mapping, MappingError, read
from rdac_validator.mapping.drafting import draft
from rdac_validator.mapping.exports import Export, ExportError, opened
from rdac_validator.mapping.faults import LOOKED_FOR

__all__ = [
    "LOOKED_FOR",
    "Applied",
    "Checked",
    "Export",
    "ExportError",
    "Mapping",
    "MappingError",
    "apply",
    "check",
    "draft",
    "opened",
    "read",
]
