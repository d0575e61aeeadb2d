"""The metrics that are worked out of the report itself: of fields and printed counts, and of nobody."""

from rdac_validator.quality.itself.base import OfTheReport
from rdac_validator.quality.itself.coverage import CrosswalkCoverage
from rdac_validator.quality.itself.fields import FieldUse
from rdac_validator.quality.itself.protection import DisclosureReport, SmallCountToldError

ITSELF: tuple[type[OfTheReport], ...] = (CrosswalkCoverage, DisclosureReport, FieldUse)

__all__ = ["ITSELF", "OfTheReport", "SmallCountToldError"]
