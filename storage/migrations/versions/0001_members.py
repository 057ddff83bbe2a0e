"""Tables: the alliance, its members, people, and their ways in."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "alliances",
    "charters",
    "organisations",
    "persons",
    "accounts",
    "roles",
    "invitations",
    "invitation_uses",
    "wrong_tries",
    "link_codes",
)


def upgrade() -> None:
    """To this version."""
    _alliance()
    _people()
    _ways_in()


def downgrade() -> None:
    """Back to the version before."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    """An index over the rows that matter."""
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _alliance() -> None:
    """The alliance, its charter and its members."""
    op.create_table(
        "alliances",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("founded_at", MOMENT, nullable=False),
        sa.CheckConstraint("id = 1", name="only_one"),
    )
    op.create_table(
        "charters",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
    )
    op.create_table(
        "organisations",
        sa.Column("slug", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("short_name", sa.Text, nullable=False),
        sa.Column("aliases", sa.JSON, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("member_class", sa.Text, nullable=False),
        sa.Column("founding", sa.Boolean, nullable=False),
        sa.Column("joined_on", sa.Date),
    )


def _people() -> None:
    """Persons, their accounts and roles."""
    op.create_table(
        "persons",
        sa.Column("id", ID, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("notice_seen_at", MOMENT),
        sa.Column("left_at", MOMENT),
        sa.Column("added_at", MOMENT, nullable=False),
    )
    op.create_table(
        "accounts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("workspace", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id")),
        sa.Column("preferred", sa.Boolean, nullable=False),
        sa.Column("direct", sa.Text),
        sa.Column("installation", sa.Text, nullable=False),
        sa.Column("unreachable_at", MOMENT),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.UniqueConstraint("platform", "workspace", "user_id"),
    )
    op.create_index("ix_accounts_person_id", "accounts", ["person_id"])
    op.create_table(
        "roles",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, sa.ForeignKey("organisations.slug")),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("granted_by", ID, sa.ForeignKey("persons.id")),
        sa.Column("ended_by", ID, sa.ForeignKey("persons.id")),
    )
    _partial("ix_roles_organisation", "roles", ["organisation"], "until IS NULL")
    _partial("ix_roles_role", "roles", ["role"], "until IS NULL")
    _partial(
        "ux_roles_standing", "roles", ["person_id", "role", "organisation"], "until IS NULL", unique=True
    )
    _partial(
        "ux_roles_standing_alliance",
        "roles",
        ["person_id", "role"],
        "until IS NULL AND organisation IS NULL",
        unique=True,
    )


def _ways_in() -> None:
    """Invitations and link codes."""
    op.create_table(
        "invitations",
        sa.Column("id", ID, primary_key=True),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, sa.ForeignKey("organisations.slug")),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("uses_left", sa.Integer, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("created_by", ID, sa.ForeignKey("persons.id")),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("code_hash"),
        sa.CheckConstraint("uses_left >= 0", name="uses_left"),
    )
    op.create_table(
        "invitation_uses",
        sa.Column("invitation_id", ID, sa.ForeignKey("invitations.id"), primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), primary_key=True),
        sa.Column("used_at", MOMENT, nullable=False),
    )
    op.create_table(
        "wrong_tries",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
    )
    op.create_index("ix_wrong_tries_account_id", "wrong_tries", ["account_id", "tried_at"])
    op.create_table(
        "link_codes",
        sa.Column("id", ID, primary_key=True),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("claimed_by", ID, sa.ForeignKey("accounts.id")),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.UniqueConstraint("code_hash"),
    )
    op.create_index("ix_link_codes_account_id", "link_codes", ["account_id"])
