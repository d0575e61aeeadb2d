"""``python -m rdac_validator`` is ``rdac``."""

from rdac_validator.cli import start

start()
