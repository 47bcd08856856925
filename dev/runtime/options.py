"""Options that the commands share."""

import argparse

from .postgres import Connection, own_server


def add_own_tools(parser: argparse.ArgumentParser) -> None:
    """Options for a person who has an Odoo, a Python or a PostgreSQL already."""
    group = parser.add_argument_group("what you have already")
    group.add_argument("--odoo", metavar="PATH", help="folder of your own Odoo 19.0 (or ODOO_PATH)")
    group.add_argument(
        "--python", metavar="PATH", help="Python 3.10 to 3.13 to use; as it is when it has all Odoo needs"
    )
    group.add_argument(
        "--db-host", metavar="HOST", help="your own PostgreSQL server, or the folder of its socket (PGHOST)"
    )
    group.add_argument("--db-port", metavar="PORT", help="its port (PGPORT)")
    group.add_argument("--db-user", metavar="USER", help="a role of it that may create databases (PGUSER, PGPASSWORD)")


def server_of(arguments: argparse.Namespace) -> Connection | None:
    """The person's own PostgreSQL server, if the options or the environment name one."""
    return own_server(arguments.db_host, arguments.db_port, arguments.db_user)
