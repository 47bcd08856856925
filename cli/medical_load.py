"""The command ``odoo medical_load``: an edition of an official register, without the screen."""

import sys
from contextlib import contextmanager
from pathlib import Path

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.cli.command import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config

#: Exit codes: it was loaded; nothing was, and why was said. A wrong call ends with 2.
LOADED, REFUSED = 0, 1
SHOWN_DETAILS = 20


class MedicalLoad(Command):
    """Load an edition of an official register (drugs, codes, interactions, growth references) into a practice.

    One transaction: what is refused, fails or is interrupted changes nothing and can simply be run again.
    """

    name = "medical_load"
    epilog = """
        Example: odoo medical_load -c /etc/odoo/odoo.conf -d practice dpd allfiles.zip
    """

    def __init__(self):
        """Describe the words of the command."""
        super().__init__()
        add = self.parser.add_argument
        add("-c", "--config", help="configuration file of Odoo, with the database server and the addons path")
        add("-d", "--database", required=True, help="name of the database")
        add("--addons-path", help="where the addons are, when no configuration file says so")
        add("--accept-withdrawals", action="store_true", help="load even if a large part of what is known disappears")
        add("kind", help="dpd, bdpm, drugs_csv, ansm, interactions_csv, claml, codes_csv or growth_lms")
        add("path", type=Path, help="the file or folder, as it was downloaded")

    def run(self, cmdargs):
        """Load and report; ends with the exit code."""
        arguments = self.parser.parse_args(args=cmdargs)
        if not arguments.path.exists():
            self.parser.error(f"there is no {arguments.path}")
        self._configure(arguments)
        try:
            with self._environment(arguments.database) as env:
                report = self._load(env, arguments)
        except UserError as error:
            sys.stderr.write(f"\n{error}\n")
            sys.exit(REFUSED)
        self._tell(report)
        sys.exit(LOADED)

    def _configure(self, arguments):
        words = ["--no-http", "--log-level=warn", "-d", arguments.database]
        words += ["-c", arguments.config] if arguments.config else []
        words += ["--addons-path", arguments.addons_path] if arguments.addons_path else []
        config.parse_config(words, setup_logging=True)

    @contextmanager
    def _environment(self, database):
        with Registry(database).cursor() as cr:
            yield Environment(cr, SUPERUSER_ID, {})

    def _load(self, env, arguments):
        """Load the edition; raise, and so undo everything, where it looks like the wrong file."""
        if "medical.register" not in env:
            raise UserError(f"Medical Practice is not installed in {arguments.database}.")
        # Whoever may run commands on the server with its configuration holds the database: superuser.
        register = env["medical.register"]
        report = register.load_edition(arguments.kind, arguments.path, progress=_Progress())
        if register._is_suspicious(report) and not arguments.accept_withdrawals:
            raise UserError(
                f"{report['withdrawn']} of the {report['known']} entries known today are not in this file. Is it the "
                "right one? If so, add --accept-withdrawals. Nothing was loaded."
            )
        return report

    def _tell(self, report):
        lines = [f"{name}: {report[name]}" for name in ("edition", "taken", "changed", "withdrawn", "refused")]
        lines += [f"skipped, {what}: {count}" for what, count in report["skipped"].items()]
        lines += [f"missing: {name}" for name in report["missing"]]
        details = report["details"]
        lines += [f"{detail['file']}:{detail['line']}: {detail['reason']}" for detail in details[:SHOWN_DETAILS]]
        if len(details) > SHOWN_DETAILS:
            lines.append(f"... and {len(details) - SHOWN_DETAILS} more, in Official Registers")
        sys.stdout.write("\n".join(lines) + "\n")


class _Progress:
    """Writes how far the load is: over itself on a terminal, a line each tenth elsewhere."""

    def __init__(self):
        self._shown = -1
        self._step, self._form = (1, "\r{:3d} %") if sys.stderr.isatty() else (10, "{:3d} %\n")

    def __call__(self, share):
        percent = int(100 * share)
        if percent >= self._shown + self._step or percent == 100 > self._shown:
            self._shown = percent
            sys.stderr.write(self._form.format(percent))
            sys.stderr.flush()
