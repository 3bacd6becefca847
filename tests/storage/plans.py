"""How SQLite means to carry out what was asked of it: whether it looks at all rows of a table."""

from sqlalchemy import event


async def plan_of(database, ask):
    """Ask (`ask` takes a session), and give the steps of all statements, in SQLite's words."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        asked.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.begin() as session:
        await ask(session)
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.begin() as session:
        bare = await session.connection()
        return [
            step.detail
            for statement, parameters in asked
            if statement.split()[0] in ("SELECT", "UPDATE", "DELETE", "INSERT")
            for step in await bare.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


def whole_tables(steps):
    """List the steps that go through a whole table."""
    return [step for step in steps if step.startswith("SCAN") and not ("INDEX" in step or "CONSTANT" in step)]
