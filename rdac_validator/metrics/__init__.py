"""The metrics: what a return says, and how well, each a class with its definition and its questions."""

from rdac_validator.metrics import (
    adults,
    children,
    circumstances,
    demographics,
    harm,
    inequality,
    models,
    pattern,
    recording,
    services,
    status,
    steps,
    voice,
)
from rdac_validator.metrics.base import UNITS, Base, Described, Headline, Metric, MetricInfo, Question, counted, gather
from rdac_validator.metrics.cases import Cases

METRICS = gather(
    adults, children, circumstances, demographics, harm, inequality, pattern, recording, services, status, steps, voice
)
# counted only where they are asked for, since more tables mean that more is hidden
ON_REQUEST = gather(models)

__all__ = [
    "METRICS",
    "ON_REQUEST",
    "UNITS",
    "Base",
    "Cases",
    "Described",
    "Headline",
    "Metric",
    "MetricInfo",
    "Question",
    "counted",
]
