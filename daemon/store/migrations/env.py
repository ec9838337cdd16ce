"""Alembic runs this. The connection is the one of `daemon.store.migrate`, inside its transaction."""

from __future__ import annotations

from alembic import context

from daemon.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
