"""How Alembic runs our migrations: on the connection it is handed, comparing with the metadata it is handed."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    compare_type=True,
)
context.run_migrations()
