"""The metrics: what a return says, and how well, each a class with its definition and its questions."""

from collections.abc import Mapping

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
    voice,
)
from rdac_validator.metrics.base import UNITS, Base, Headline, Metric, MetricInfo, Question, counted, gather
from rdac_validator.metrics.cases import Cases

METRICS = gather(
    adults, children, circumstances, demographics, harm, inequality, pattern, recording, services, status, voice
)
# counted only where they are asked for, since more tables mean that more is hidden
ON_REQUEST = gather(models)
LEFT_OUT: Mapping[str, str] = {
    "M26": "Models are fitted only where they are asked for: rdac report --models.",
    "M34": "It counts fields and not people: `rdac crosswalk loss` says which core answers a return can give, and the "
    "report lists those that stay dark.",
    "M36": "It is about the report itself: how many cells were hidden is known once everything else is counted.",
    "M39": "Which fields fed a decision is not in a return; it would have to be logged where decisions are made.",
}

__all__ = [
    "LEFT_OUT",
    "METRICS",
    "ON_REQUEST",
    "UNITS",
    "Base",
    "Cases",
    "Headline",
    "Metric",
    "MetricInfo",
    "Question",
    "counted",
]
