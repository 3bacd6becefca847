"""The panel at /sandbox: faults by hand, keys, newest requests. Its script talks to the control API."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sandbox.x.accounts import App
from sandbox.x.faults import NAMES, Fault
from sandbox.x.html import Markup, html, join, page
from sandbox.x.journal import Entry
from sandbox.x.world import World

SHOWN_REQUESTS = 12


class Panel:
    """The panel on one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes; /sandbox/ready needs no token."""
        return [Route("/sandbox", self.show)]

    async def show(self, _request: Request) -> Response:
        """Show the panel."""
        world = self._world
        body = html(
            "<div class='card wide'><h1>Sandbox X: faults and keys</h1>{form}"
            "<h2>Faults in force</h2><ul class='faults'>{faults}</ul>"
            "<button class='quiet' id='clear'>Clear all</button>"
            "<h2>Rules</h2><label class='switch'><input type='checkbox' id='self-serve'{self_serve}> "
            "Apps are self-serve: no follows, likes or quotes, replies only where invited</label>"
            "<h2>Apps</h2><p class='muted'>Made-up keys, good only in this sandbox.</p>{apps}"
            "<h2>Newest requests</h2>{requests}<p><a href='/'>All accounts</a></p></div>",
            form=self._form(),
            faults=join([_fault(one) for one in world.faults.faults]) or _NONE,
            self_serve=Markup(" checked") if world.self_serve else Markup(""),
            apps=join([_app(app) for app in world.register.apps.values()]),
            requests=_requests(list(world.journal.entries)[-SHOWN_REQUESTS:]),
        )
        head = html(
            "<meta name='sandbox-token' content='{token}'><script src='/static/panel.js' defer></script>",
            token=world.control_token,
        )
        return HTMLResponse(
            page("Sandbox X: faults and keys", body, head=head), headers={"cache-control": "no-store"}
        )

    def _form(self) -> Markup:
        faults = join([html("<option>{name}</option>", name=name) for name in sorted(NAMES)])
        accounts = join(
            [
                html("<option>{name}</option>", name=one.username)
                for one in self._world.register.accounts.values()
            ]
        )
        return html(
            "<form id='fault' class='grid'>"
            "<label>What goes wrong<select name='fault'>{faults}</select></label>"
            "<label>For<select name='username'>"
            "<option value=''>every account</option>{accounts}</select></label>"
            "<label>Path (regular expression)<input name='path' placeholder='/2/tweets'></label>"
            "<label>Times (empty: until cleared)<input name='times' inputmode='numeric' value='1'></label>"
            "<label>Seconds<input name='seconds' inputmode='decimal'></label>"
            "<button class='primary'>Make it happen</button><p id='said' role='status'></p></form>",
            faults=faults,
            accounts=accounts,
        )


def _fault(fault: Fault) -> Markup:
    times = "until cleared" if fault.left is None else f"{fault.left} more"
    match = ", ".join(f"{key} {value}" for key, value in fault.match.items()) or "every request"
    return html(
        "<li><b>{name}</b> <span class='muted'>{match}, {times}</span></li>",
        name=fault.name,
        match=match,
        times=times,
    )


def _app(app: App) -> Markup:
    note = "suspended" if app.suspended else "" if app.enrolled else "no API plan"
    note = note or ("" if app.callback else "no callback URL")
    return html(
        "<details><summary><b>{title}</b> <span class='muted'>{level}{note}</span></summary>"
        "<dl><dt>Consumer key</dt><dd><code>{key}</code></dd>"
        "<dt>Consumer secret</dt><dd><code>{secret}</code></dd>"
        "<dt>Credit</dt><dd>{credit}</dd>"
        "</dl></details>",
        title=app.title,
        level=app.access_level,
        note=f", {note}" if note else "",
        key=app.consumer_key,
        secret=app.consumer_secret,
        credit="without end" if app.balance is None else f"${app.balance:.3f}",
    )


def _requests(entries: list[Entry]) -> Markup:
    rows = join(
        [
            html(
                "<tr><td>{at}</td><td>{method} {path}</td><td>{who}</td><td>{status}</td>"
                "<td>{fault}</td></tr>",
                at=datetime.fromtimestamp(entry.at, UTC).strftime("%H:%M:%S"),
                method=entry.method,
                path=entry.path,
                who=f"@{entry.username}" if entry.username else entry.app or "",
                fault=entry.fault or "",
                status="dropped" if entry.status is None else entry.status,
            )
            for entry in reversed(entries)
        ]
    )
    return html(
        "<div class='scroll'><table><thead><tr><th>UTC</th><th>Request</th><th>By</th><th>Status</th>"
        "<th>Fault</th></tr></thead><tbody>{rows}</tbody></table></div>",
        rows=rows,
    )


_NONE = Markup("<li class='muted'>None.</li>")
