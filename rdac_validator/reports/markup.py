"""What our HTML pages share: templates that escape all they print, and styles and scripts allowed by their hashes."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rdac_validator.reports.text import plural, printable

FOLDER = "page"


def environment(package: str) -> Environment:
    """Templates of a package's folder ``page``, and of ours for what all pages say."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(name, FOLDER) for name in (package, __package__)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    made.filters |= {"plural": plural, "hash": _hash}
    return made


def asset(package: str, *names: str) -> Markup:
    """Styles or scripts of ours, as they stand in their files: no text of a report is in them."""
    folder = files(package).joinpath(FOLDER)
    texts = (folder.joinpath(name).read_text(encoding="utf-8") for name in names)
    return Markup("\n" + "".join(texts))  # noqa: S704 our own files


def _visible(value: object) -> object:
    """Text in which no character turns the line round or hides; autoescape makes it safe afterwards."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
