"""The metrics: what a return says, and how well, each a class with its definition and its questions."""

from rdac_validator.metrics import demographics, harm
from rdac_validator.metrics.base import UNITS, Headline, Metric, MetricInfo, Question, counted, gather
from rdac_validator.metrics.cases import Cases

METRICS = gather(demographics, harm)

__all__ = ["METRICS", "UNITS", "Cases", "Headline", "Metric", "MetricInfo", "Question", "counted"]
