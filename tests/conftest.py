"""What every test takes for granted."""

from __future__ import annotations

from hypothesis import settings

# a build machine may be busy: how long one example takes says nothing of the code
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
