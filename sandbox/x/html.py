"""HTML that what people type cannot break: every value put into a template is escaped. Knows no page."""

from html import escape

BANNER = "Sandbox: made-up accounts"


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def html(template: str, **values: object) -> Markup:
    """Fill a template; values that are not Markup are escaped."""
    safe = {
        name: value if isinstance(value, Markup) else escape(str(value)) for name, value in values.items()
    }
    return Markup(template.format_map(safe))


def join(parts: list[Markup]) -> Markup:
    """Put pieces of HTML one after the other."""
    return Markup("".join(parts))


def page(title: str, main: Markup, *, head: Markup = Markup(""), kind: str = "") -> Markup:  # noqa: B008 - a constant
    """Return a whole page with the sandbox's banner."""
    return html(
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<title>{title}</title><link rel='stylesheet' href='/static/x.css'>"
        "<link rel='icon' href='/static/icon.svg' type='image/svg+xml'>{head}</head>"
        "<body class='{kind}'><p class='banner' role='note'>{banner}</p><main>{main}</main></body></html>",
        title=title,
        main=main,
        head=head,
        kind=kind,
        banner=BANNER,
    )
