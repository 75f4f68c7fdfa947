"""The home page in a browser."""

from __future__ import annotations

from playwright.sync_api import Browser


def test_it_shows_events(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site)
    assert page.title() == "Timeline · tracker"
    assert page.locator(".event").count() > 10
    page.close()
