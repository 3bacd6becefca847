"""A search's filters as buttons: each puts one operator of X's search into the query, or takes it out."""

from bot.commands import planning, press, preview
from storage import people
from storage.db import Session
from storage.tables import Task
from tasks.parameters import Look
from texts.reply import Button, Fact, Rows

#: What each filter is to X ("Search operators").
_OPERATORS = {
    "lang": "lang:{language}",
    "originals": "-is:retweet",
    "mine": "from:{username}",
    "media": "has:media",
    "images": "has:images",
    "links": "has:links",
}
#: The order the list comes in, which is no operator.
POPULAR = "popular"
_ROWS = (("lang", "originals", "mine"), ("media", "images", "links"), (POPULAR,))


async def operators(session: Session, task: Task) -> dict[str, str]:
    """Give each filter's operator, for this person and this account."""
    person = await people.get(session, task.person_id)
    language = planning.language_of(person).partition("-")[0].lower() if person else "en"
    username = await preview.username_of(session, task)
    return {
        name: operator.format(language=language, username=username) for name, operator in _OPERATORS.items()
    }


async def rows(session: Session, task: Task) -> Rows:
    """Offer a search's filters, those that are in force marked; nothing for what is no search."""
    if task.kind != "search":
        return ()
    wish = Look.read(task.parameters)
    known, chosen = await operators(session, task), (wish.query or "").split()

    def button(name: str) -> Button:
        is_on = wish.sort == "relevancy" if name == POPULAR else known[name] in chosen
        language = known["lang"].removeprefix("lang:")
        facts: dict[str, Fact] = {"is_on": "yes" if is_on else "no", "language": language}
        return press.button(f"look.filter_{name}", "look_filter", task, extra=name, facts=facts)

    return tuple(tuple(button(name) for name in row) for row in _ROWS)


def toggled(query: str, operator: str) -> str:
    """Take an operator out of a query, or put it at its end."""
    words = query.split()
    kept = [word for word in words if word != operator]
    return " ".join(kept if operator in words else [*words, operator])
