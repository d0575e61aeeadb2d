"""The metrics: what a return says, and how well, each a class with its definition and its questions."""

from collections.abc import Mapping

from rdac_validator.metrics import (
    adults,
    children,
    circumstances,
    demographics,
    harm,
    pattern,
    recording,
    services,
    status,
    voice,
)
from rdac_validator.metrics.base import UNITS, Base, Headline, Metric, MetricInfo, Question, counted, gather
from rdac_validator.metrics.cases import Cases

METRICS = gather(adults, children, circumstances, demographics, harm, pattern, recording, services, status, voice)
LEFT_OUT: Mapping[str, str] = {
    "M26": "Latent classes are a model and no count: a model is made of the cases themselves, and what it gives has to "
    "go through disclosure control as well.",
    "M34": "It counts fields and not people: `rdac crosswalk loss` says which core answers a return can give, and the "
    "report lists those that stay dark.",
    "M36": "It is about the report itself: how many cells were hidden is known once everything else is counted.",
    "M39": "Which fields fed a decision is not in a return; it would have to be logged where decisions are made.",
}

__all__ = ["LEFT_OUT", "METRICS", "UNITS", "Base", "Cases", "Headline", "Metric", "MetricInfo", "Question", "counted"]
