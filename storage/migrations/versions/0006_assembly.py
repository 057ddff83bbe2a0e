"""Tables: motions, rolls, ballot books, challenges, signatures, meetings, terms; what is behind a charter."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True)
TABLES = (
    "counters",
    "motions",
    "motion_texts",
    "rolls",
    "ballots",
    "explanations",
    "challenges",
    "signatures",
    "meetings",
    "attendance",
    "terms",
    "milestones",
)
DECIDED = ("charters", "invitations")  # older tables whose rows a motion may be behind
# A voter on the roll may recuse itself, once; nothing else of it ever changes. Columns that are never null.
MORE_THAN_RECUSED = (
    "OLD.recused_at IS NOT NULL OR NEW.recused_at IS NULL OR NEW.motion <> OLD.motion"
    " OR NEW.organisation <> OLD.organisation OR NEW.name <> OLD.name OR NEW.member_class <> OLD.member_class"
)
# Table, which updates are refused (none named: every one), and what a row is known by.
APPEND_ONLY = (
    ("rolls", MORE_THAN_RECUSED, "organisation"),
    ("ballots", "", "seq"),
)


def upgrade() -> None:
    """To this version."""
    counters = op.create_table(
        "counters",
        sa.Column("noun", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.bulk_insert(counters, [{"noun": noun, "number": 0} for noun in ("motions", "meetings")])
    changes = sa.table("changes", sa.column("noun", sa.Text), sa.column("number", sa.Integer))
    op.bulk_insert(changes, [{"noun": "charters", "number": 0}])
    _motions()
    _motion_texts()
    _rolls_and_ballots()
    _explanations_and_challenges()
    _signatures()
    _meetings()
    _terms_and_milestones()
    _guard()
    # as in 0005: plain ALTER TABLE, and SQLite takes the constraint only with the column
    inline = op.get_bind().dialect.name == "sqlite"
    for table in DECIDED:
        decided_by = sa.Column("motion", ID, sa.ForeignKey("motions.number", name=f"fk_{table}_motion"))
        op.add_column(table, decided_by, inline_references=inline)


def downgrade() -> None:
    """Back to the version before."""
    for table in DECIDED:
        op.drop_column(table, "motion")
    for table in reversed(TABLES):
        op.drop_table(table)  # its triggers go with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION append_only()")
    op.execute("DELETE FROM changes WHERE noun = 'charters'")


def _guard() -> None:
    """Let the database itself refuse what would change the past."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table, refused, known_by in APPEND_ONLY:
        when = f" WHEN ({refused})" if refused else ""
        if op.get_bind().dialect.name == "postgresql":
            each, does = "FOR EACH ROW", "EXECUTE FUNCTION append_only()"
            op.execute(f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} {does}")
        else:
            each, does = "", f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            # INSERT OR REPLACE deletes rows without asking the triggers on deletes
            there = (
                f"EXISTS (SELECT 1 FROM {table} WHERE motion = NEW.motion AND {known_by} = NEW.{known_by})"
            )
            op.execute(f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} WHEN {there} {does}")
        op.execute(f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {each}{when} {does}")
        op.execute(f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {each} {does}")


def _of_motion(key: bool = False, nullable: bool = False) -> sa.Column[int]:
    points = sa.ForeignKey("motions.number")
    return sa.Column("motion", ID, points, primary_key=key, nullable=nullable)


def _of_organisation(name: str = "organisation", key: bool = False, nullable: bool = False) -> sa.Column[str]:
    points = sa.ForeignKey("organisations.slug")
    return sa.Column(name, sa.Text, points, primary_key=key, nullable=nullable)


def _of_person(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey("persons.id"), nullable=nullable)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    """An index over the rows that matter."""
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _motions() -> None:
    """What is put to the members."""
    op.create_table(
        "motions",
        sa.Column("number", ID, primary_key=True, autoincrement=False),
        *_texts("kind", "title", "text"),
        sa.Column("rule", JSON, nullable=False),
        _of_person("proposer"),
        _of_organisation(nullable=True),
        *(
            sa.Column(at, MOMENT, nullable=False)
            for at in ("proposed_at", "notice_at", "opens_at", "closes_at")
        ),
        sa.Column("article", sa.Integer),
        *_texts("before", "after"),
        sa.Column("base", sa.Integer, nullable=False),
        *_texts("subject", "role"),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("candidates", JSON, nullable=False),
        sa.Column("effect", JSON, nullable=False),
        *_texts("electorate", "origin"),
        sa.Column("version", sa.Integer, nullable=False),
        _of_organisation("extended_by", nullable=True),
        *(sa.Column(at, MOMENT) for at in ("extended_at", "withdrawn_at", "voided_at")),
        sa.Column("void_reason", sa.Text, nullable=False),
        sa.Column("opened_at", MOMENT),
        sa.Column("roll_hash", sa.Text, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closing_hash", sa.Text, nullable=False),
        sa.Column("outcome", JSON, nullable=False),
        *(sa.Column(at, MOMENT) for at in ("final_at", "certified_at")),
        *(sa.Column(on, sa.Date) for on in ("in_force_on", "review_on")),
        sa.Column("link", sa.Text, nullable=False),
    )
    live = "withdrawn_at IS NULL AND voided_at IS NULL AND certified_at IS NULL"
    _partial("ix_motions_live", "motions", ["number"], live)


def _motion_texts() -> None:
    """What motions said before they were written anew."""
    op.create_table(
        "motion_texts",
        _of_motion(key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("title", "text", "after"),
        _of_person("by"),
        sa.Column("at", MOMENT, nullable=False),
    )


def _rolls_and_ballots() -> None:
    """Who is entitled to vote, and each motion's ballot book."""
    op.create_table(
        "rolls",
        _of_motion(key=True),
        _of_organisation(key=True),
        *_texts("name", "member_class"),
        sa.Column("recused_at", MOMENT),
        sa.Column("recused_why", sa.Text, nullable=False),
    )
    op.create_table(
        "ballots",
        _of_motion(key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("event", sa.Text, nullable=False),
        _of_organisation(nullable=True),
        _of_person("person", nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        *_texts("payload", "salt", "digest", "previous", "hash", "receipt", "via"),
    )
    op.create_index("ix_ballots_receipt", "ballots", ["receipt"])
    op.create_index("ix_ballots_organisation", "ballots", ["organisation", "at"])


def _explanations_and_challenges() -> None:
    """What organisations say about their votes, and against results."""
    op.create_table(
        "explanations",
        _of_motion(key=True),
        _of_organisation(key=True),
        _of_person("person"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "challenges",
        sa.Column("id", ID, primary_key=True),
        _of_motion(),
        _of_organisation(),
        _of_person("person"),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        _of_person("answered_by", nullable=True),
        sa.Column("answered_why", sa.Text, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.UniqueConstraint("motion", "organisation"),
    )
    _partial("ix_challenges_open", "challenges", ["id"], "answered_at IS NULL")


def _signatures() -> None:
    """Who signed the charter."""
    op.create_table(
        "signatures",
        _of_organisation(key=True),
        *_texts("signatory", "function"),
        sa.Column("signed_on", sa.Date, nullable=False),
        _of_person("person", nullable=True),
        sa.Column("at", MOMENT, nullable=False),
    )


def _meetings() -> None:
    """The Assembly's meetings, and who takes part."""
    op.create_table(
        "meetings",
        sa.Column("number", ID, primary_key=True, autoincrement=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        *_texts("zone", "where"),
        sa.Column("agenda", JSON, nullable=False),
        _of_person("called_by"),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("held_at", MOMENT),
        *_texts("minutes", "link"),
    )
    op.create_table(
        "attendance",
        sa.Column("meeting", ID, sa.ForeignKey("meetings.number"), primary_key=True),
        _of_organisation(key=True),
        _of_person("person"),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )


def _terms_and_milestones() -> None:
    """Until when roles are held; what became of the alliance's dates."""
    op.create_table(
        "terms",
        sa.Column("role_id", ID, sa.ForeignKey("roles.id"), primary_key=True, autoincrement=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        _of_motion(nullable=True),
    )
    op.create_table(
        "milestones",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("answer", sa.Text, nullable=False),
        _of_person("by", nullable=True),
        sa.Column("at", MOMENT, nullable=False),
    )
