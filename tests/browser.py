"""A real Chromium for the pages that we make, and what axe-core says of one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# a browser that works for nobody but the test: no sandbox under root, no calls home
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP, PHONE = 1280, 320


@contextmanager
def chromium() -> Iterator[Browser]:
    """The installed Chromium; without one a developer's test is skipped and a build machine's fails."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None and os.environ.get("CI"):
        # not an assert: pytest would print the environment, which may hold a build's secrets
        pytest.fail("no Chromium on this build machine: the HTML pages would go unchecked", pytrace=False)
    if found is None:
        pytest.skip("no Chromium on the PATH: apt-get install chromium lets the HTML pages be checked")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


def faults(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA, each with the element."""
    options = {"runOnly": WCAG, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response
    assert len(found["passes"]) > 15, "axe-core did not look"
    return [f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]]
