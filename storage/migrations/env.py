"""What alembic runs for every command: on the connection, and in the transaction, that it is given."""

from alembic import context

from storage.store import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    transactional_ddl=True,  # alembic believes that SQLite cannot; with our own BEGIN it can
)
with context.begin_transaction():
    context.run_migrations()
