"""What the database needs before the addon is installed, and what leaves it with the addon."""

from odoo.tools import SQL

TRIGGER_FUNCTIONS = ("medical_keep_signed", "medical_append_only")
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")

#: Stored computed columns on the ERP's own tables, empty for every row that exists before the first patient: made
#: here, so that an installation on a large database does not recompute them row by row.
EMPTY_COLUMNS = (
    ("res_partner", "is_patient", "boolean"),
    ("calendar_event", "appointment_company_id", "integer"),
    ("calendar_recurrence", "appointment_company_id", "integer"),
)


def pre_init_hook(env):
    """Create the PostgreSQL extensions the invariants and the searches stand on.

    ``btree_gist`` holds the exclusion constraint against double booking, ``pg_trgm`` the fast search by fragments.
    The three are trusted extensions: the owner of the database may create them.
    """
    for extension in EXTENSIONS:
        env.cr.execute(SQL("CREATE EXTENSION IF NOT EXISTS %s", SQL.identifier(extension)))
    for table, column, kind in EMPTY_COLUMNS:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s",
                SQL.identifier(table),
                SQL.identifier(column),
                SQL(kind),
            )
        )


def uninstall_hook(env):
    """Drop the functions that keep signed documents and the log: their triggers leave with them, then the tables."""
    for function in TRIGGER_FUNCTIONS:
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(function)))
