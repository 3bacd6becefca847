"""Fixtures: a real headless browser whose pages may not complain, and the sandbox that a person starts."""

import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="module")
def browser():
    """Give a running Chromium; without one the test is skipped and says so."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: make test sets it up"
    )
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    with api.sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        except api.Error as error:
            pytest.skip(f"Chromium does not start here: {error.message.splitlines()[0]}")
        yield opened
        opened.close()


@pytest.fixture
def open_browser(browser):
    """Give an opener of windows; at the end no page in them may have complained or left this machine."""
    contexts, complaints = [], []

    def open_window(viewport, **options):
        context = browser.new_context(viewport=viewport, **options)
        context.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", lambda asked: None if _is_local(asked.url) else complaints.append(asked.url))
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


def _is_local(url):
    return url.startswith(("http://127.0.0.1:", "blob:", "data:"))
