"""The normal distribution, as far as intervals need it: here and in the report."""

from __future__ import annotations

# the quantile of a 95% interval
Z = 1.959963984540054
