"""What the commands ``run`` and ``test`` stand on: Odoo, its Python environment, PostgreSQL, and a console.

Only the standard library is used, because nothing is installed yet when it starts.  Each module answers
one question:

* ``errors``, ``console``, ``processes``, ``locks``, ``places``: how a command speaks, runs, waits and where it writes;
* ``apt``, ``system``: what the machine's package manager can give;
* ``odoo``, ``environment``, ``postgres``: the three things a practice needs;
* ``server``: one Odoo process with a database;
* ``practice``, ``testing``: the two commands.
"""
