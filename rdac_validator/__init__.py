"""A proposed data standard for domestic violence and abuse in children's social care, and its validator."""

__version__ = "0.1.0"
