"""The published study: its figures, synthetic returns that have them, and how far its tables come out again."""

from __future__ import annotations

from rdac_validator.study.golden import Compared, compare
from rdac_validator.study.published import Study, load
from rdac_validator.study.quotas import Record, records
from rdac_validator.study.returns import make

__all__ = ["Compared", "Record", "Study", "compare", "load", "make", "records"]
