"""The database: one file per noun with its tables and verbs; rows stay inside, values come out.

Only this package imports sqlalchemy and alembic."""
