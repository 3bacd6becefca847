"""How a database means to carry out what was asked of it: whether it looks at all rows of a table."""

from sqlalchemy import event, text

#: Postgres goes through a small table whatever indexes there are, unless it is told that this is dear.
_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
_IF_IT_CAN = "SET LOCAL enable_seqscan = off"


async def plan_of(database, ask):
    """Ask (`ask` takes a session), and give the steps of all statements, in the database's words."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        asked.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.begin() as session:
        await ask(session)
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.begin() as session:
        bare = await session.connection()
        if database.kind == "postgresql":
            await session.execute(text(_IF_IT_CAN))
        return [
            step[-1]
            for statement, parameters in asked
            if statement.split()[0] in ("SELECT", "UPDATE", "DELETE", "INSERT")
            for step in await bare.exec_driver_sql(f"{_EXPLAIN[database.kind]} {statement}", parameters)
        ]


def whole_tables(steps):
    """List the steps that go through a whole table, or an index of all its rows."""
    return [step for step in steps if "Seq Scan" in step or _is_whole(step)]


def _is_whole(step):
    some = "INDEX" in step and "sqlite_autoindex" not in step
    return step.startswith("SCAN") and not (some or "CONSTANT" in step)
