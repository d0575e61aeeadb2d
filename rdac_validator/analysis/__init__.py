"""Models of what was recorded: latent classes of indicators, and what goes with a plan. Associations, never causes.

Nothing in this room may be printed as it is: a class is never stored on a record, and what is published goes through
:mod:`rdac_validator.analysis.release`, which lets figures of disclosure control out and nothing else.
"""

from __future__ import annotations

from rdac_validator.findings import InputError


def require() -> None:
    """Raise :class:`~rdac_validator.findings.InputError` where the extra that models need is not installed."""
    try:
        import statsmodels  # noqa: F401
    except ImportError as error:
        raise InputError(
            "models need more packages than a report: pip install 'rdac-validator[analysis]', or leave out --models"
        ) from error
