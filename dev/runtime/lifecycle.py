"""The command ``lifecycle``: install, live a day, update, uninstall, and what each does to the ERP's own rows.

It works on a database with the ERP's demo data.  The rows are compared column by column, on the columns that were
there before the addon.
"""

import argparse
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from . import options, places, processes
from .console import Console
from .workbench import Workbench

TABLES = (
    "res_partner",
    "res_users",
    "calendar_event",
    "calendar_attendee",
    "account_move",
    "account_move_line",
    "account_payment",
    "product_template",
    "product_product",
)
NOT_CONTENT = {"write_date", "write_uid"}
SHOWN = 20
"""Differences printed of each table."""

LIVED_DAY = Path(__file__).with_name("lived_day.py")
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "medical_practice")]).button_immediate_uninstall()
"""
LEFTOVERS = (  # what the addon must not leave behind, and the query that finds it
    (
        "tables",
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
        r"AND (tablename LIKE 'medical\_%' OR tablename LIKE '%\_medical\_%')",
    ),
    (
        "external ids",  # but for the demo people of posted invoices, whom Odoo keeps with their names
        "SELECT name FROM ir_model_data WHERE module = 'medical_practice' AND model NOT IN "
        "('res.partner', 'res.users', 'account.move', 'account.move.line', 'product.product', 'product.template')",
    ),
    ("models", "SELECT model FROM ir_model WHERE model LIKE 'medical.%'"),
    ("constraints", "SELECT conname FROM pg_constraint WHERE conname ~ 'appointment|medical|practitioner|patient'"),
    ("triggers", "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname ~ 'medical'"),
    ("functions", "SELECT proname FROM pg_proc WHERE proname ~ 'medical'"),
)

Rows = Mapping[int, Mapping[str, object]]
Snapshot = Mapping[str, Rows]


def main(words: Sequence[str]) -> int:
    """Live the addon's life; the exit code is 0 when updating and uninstalling leave the ERP's rows as they were."""
    parser = argparse.ArgumentParser(
        prog="dev/lifecycle", description="Install, live a day, update and uninstall the addon."
    )
    parser.add_argument("--keep", action="store_true", help="keep the database to look at it")
    options.add_own_tools(parser)
    arguments = parser.parse_args(words)
    processes.on_signals_stop()
    console = Console()
    with Workbench(arguments, console) as workbench:
        template = workbench.base_template(demo=True)
        with workbench.copies(template, 1, arguments.keep) as (database,):
            return Life(workbench, database).live()


class Life:
    """The life of the addon in one database."""

    def __init__(self, workbench: Workbench, database: str) -> None:
        self._workbench = workbench
        self._console = workbench.console
        self._database = database
        self._log = workbench.log("lifecycle")
        self._columns: dict[str, set[str]] = {}

    def live(self) -> int:
        """Go through the stages, report what each changed, and return the exit code."""
        before = self._snapshot()
        self._columns = {table: set().union(*rows.values()) for table, rows in before.items()}
        columns = self._all_columns()
        self._change("Installing the addon", f"--init={places.MODULE}")
        installed = self._snapshot()
        changed = self._report("Installing", before, installed, expected=self._company_contacts())
        self._script(LIVED_DAY.read_text(encoding="utf-8"), "Living a day")
        lived = self._snapshot()
        self._report("The day", installed, lived)
        self._change("Updating the addon", f"--update={places.MODULE}")
        updated = self._snapshot()
        changed += self._report("Updating", lived, updated)
        self._script(UNINSTALL, "Uninstalling the addon")
        changed += self._report("Uninstalling", without(updated, added(before, installed)), self._snapshot())
        left = self._report_leftovers(columns)
        verdict = f"{changed} of the ERP's own rows changed" if changed else "None of the ERP's own rows changed"
        self._console.line(f"\n{verdict}; {left or 'nothing'} left behind; log: {self._log}")
        return 1 if changed or left else 0

    def _change(self, label: str, option: str) -> None:
        self._workbench.server.change(self._console, label, self._database, option, log=self._log)

    def _script(self, source: str, label: str) -> None:
        self._workbench.server.script(self._database, source, label, self._console, self._log)

    def _company_contacts(self) -> set[tuple[str, int]]:
        """The company and its people: the addon's demo data makes it the demo practice, name and address."""
        rows = self._query(
            "SELECT id FROM res_partner WHERE commercial_partner_id IN (SELECT partner_id FROM res_company)"
        )
        return {("res_partner", identity) for (identity,) in rows}

    def _query(self, statement: str) -> list[list]:
        return self._workbench.databases.run(statement, database=self._database)

    def _snapshot(self) -> Snapshot:
        return {table: self._rows(table) for table in TABLES}

    def _rows(self, table: str) -> Rows:
        """The content of a table, on the columns that it had before the addon."""
        known = self._columns.get(table)
        return {
            row["id"]: {
                name: value for name, value in row.items() if name in (known or row) and name not in NOT_CONTENT
            }
            for (row,) in self._query(f"SELECT to_jsonb({table}) FROM {table} ORDER BY id")  # noqa: S608 our own names
        }

    def _all_columns(self) -> set[str]:
        rows = self._query(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
        return {name for (name,) in rows}

    def _report(self, stage: str, before: Snapshot, after: Snapshot, expected: Collection[tuple[str, int]] = ()) -> int:
        """Print what a stage changed in rows that were there before it; return how many, the expected not counted."""
        total = 0
        self._console.line(f"\n{stage}:")
        for table in TABLES:
            lines = differences(before[table], after[table])
            added = len(set(after[table]) - set(before[table]))
            total += sum((table, identity) not in expected for identity in lines)
            self._console.line(
                f"  {table}: {len(before[table])} rows before, {added} added, {len(lines)} changed or gone"
            )
            for identity, line in list(lines.items())[:SHOWN]:
                mark = " (the demo's company)" if (table, identity) in expected else ""
                self._console.line(f"    {line}{mark}")
        return total

    def _report_leftovers(self, columns: set[str]) -> int:
        """Print what the addon left behind after it was uninstalled, and return how much."""
        left = {label: sorted(name for (name,) in self._query(statement)) for label, statement in LEFTOVERS}
        left["columns"] = sorted(self._all_columns() - columns)
        self._console.line("\nLeft behind:")
        for label, names in left.items():
            self._console.line(f"  {label}: {', '.join(names[:SHOWN]) if names else 'none'}")
        return sum(map(len, left.values()))


def added(before: Snapshot, after: Snapshot) -> Mapping[str, set[int]]:
    """The rows that are new in ``after``: those of the addon's own data, which leave with it."""
    return {table: set(rows) - set(before[table]) for table, rows in after.items()}


def without(snapshot: Snapshot, identities: Mapping[str, set[int]]) -> Snapshot:
    """The snapshot less some rows."""
    return {
        table: {identity: row for identity, row in rows.items() if identity not in identities[table]}
        for table, rows in snapshot.items()
    }


def differences(before: Rows, after: Rows) -> dict[int, str]:
    """One line for each row of ``before`` that is gone or other in ``after``, by its id."""
    lines = {}
    for identity, row in before.items():
        now = after.get(identity)
        if now is None:
            lines[identity] = f"{identity} is gone ({row.get('name') or row.get('login') or ''})"
        elif changed := [name for name in row if row[name] != now.get(name)]:
            told = ", ".join(f"{name} {row[name]!r} -> {now.get(name)!r}" for name in changed)
            lines[identity] = f"{identity}: {told}"
    return lines
