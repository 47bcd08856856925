"""A process that has loaded one database and does what it reads from standard input, one line of JSON at a time.

Called as ``worker.py KIND ODOO-OPTION...`` where KIND is ``bare`` or ``practice``; started by ``bench/day.py``.
"""

import cProfile
import gc
import io
import json
import os
import pstats
import sys
import traceback
from collections import Counter
from time import perf_counter

import bare
import catalogue
import practice
from calls import call

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.fields import Field
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.sql_db import Cursor
from odoo.tools import config

PROFILED_RUNS = 10


class Worker:
    """One database, with the day of its kind."""

    def __init__(self, kind, database):
        self.registry = Registry(database)
        self.day = {"bare": bare, "practice": practice, "catalogue": catalogue}[kind].Day()

    def environment(self, cr, login=None):
        """Return the environment a request of this user would have; superuser without login."""
        root = Environment(cr, SUPERUSER_ID, {})
        if not login:
            return root
        user = root["res.users"].search([("login", "=", login)])
        context = {
            "lang": "en_US",
            "tz": "America/Toronto",
            "uid": user.id,
            "allowed_company_ids": user.company_ids.ids,
        }
        return Environment(cr, user.id, context)

    def timed(self, step, run):
        """Do a step once in a transaction of its own with empty record caches; return its seconds and queries.

        What a run needs beforehand (a consultation to invoice) is made in an earlier transaction and not counted. The
        clock runs from the call to the commit.
        """
        login, method = self.day.steps[step]
        with self.registry.cursor() as cr:
            given = self.day.before(step, self.environment(cr, login), run)
        with self.registry.cursor() as cr:
            env = self.environment(cr, login)
            env.invalidate_all()
            gc.collect()
            queries, start = cr.sql_log_count, perf_counter()
            json.dumps(method(env, run, given), default=str)
            env.flush_all()
            cr.commit()
            seconds = perf_counter() - start
            return {"seconds": seconds, "queries": cr.sql_log_count - queries}

    def do_run(self, step, run):
        return self.timed(step, run)

    def do_prepare(self, step, run):
        """Make what a run needs, and return the calls without making them."""
        login, method = self.day.steps[step]
        with self.registry.cursor() as cr:
            given = self.day.before(step, self.environment(cr, login), run)
        with self.registry.cursor() as cr:
            call.record()
            method(self.environment(cr, login), run, given)
            cr.rollback()
        return {"login": login, "calls": call.recorded()}

    def do_profile(self, step):
        self.timed(step, 0)
        fields, statements = self._traced(step)
        profile = cProfile.Profile()
        times = [self.timed(step, run + 1)["seconds"] for run in range(PROFILED_RUNS)]
        profile.enable()
        for run in range(PROFILED_RUNS):
            self.timed(step, run + 20)
        profile.disable()
        text = io.StringIO()
        pstats.Stats(profile, stream=text).sort_stats("cumulative").print_stats(40)
        return {"text": "\n".join([f"ms: {times}", *fields, *statements, text.getvalue()])}

    def _traced(self, step):
        """Do a step once and return the slowest computed fields and the statements, with their milliseconds."""
        spent, statements = Counter(), []
        compute, execute = Field.compute_value, Cursor.execute

        def traced_compute(field, records):
            start = perf_counter()
            compute(field, records)
            spent[f"{field} x{len(records)}"] += 1000 * (perf_counter() - start)

        def traced_execute(cursor, query, *arguments, **options):
            start = perf_counter()
            execute(cursor, query, *arguments, **options)
            text = " ".join(str(getattr(query, "code", query)).split())
            statements.append(f"{1000 * (perf_counter() - start):7.1f}  {text[:60]} ... {text[-110:]}")

        Field.compute_value, Cursor.execute = traced_compute, traced_execute
        try:
            self.timed(step, 12)
        finally:
            Field.compute_value, Cursor.execute = compute, execute
        return [f"{ms:7.1f}  {name}" for name, ms in spent.most_common(25)], statements

    def do_build(self, what, **options):
        with self.registry.cursor() as cr:
            getattr(self.day, f"build_{what}")(self.environment(cr), **options)
        return {}

    def _drug_load(self, work):
        """Time something about the register and roll it back: every run finds the same tables."""
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            practice.empty_register(env)
            gc.collect()
            queries, start = cr.sql_log_count, perf_counter()
            work(env)
            answer = {"seconds": perf_counter() - start, "queries": cr.sql_log_count - queries}
            cr.execute("SELECT count(*) FROM medical_drug")
            answer["drugs"] = cr.fetchone()[0]
            cr.rollback()
        return answer

    def do_load_drugs(self, folder, kind="dpd"):
        return self._drug_load(lambda env: env["medical.register"].load_edition(kind, folder))

    def do_copy_drugs(self, folder="", kind="dpd"):
        with self.registry.cursor() as cr:
            rows = practice.register_rows(self.environment(cr), kind)
        return self._drug_load(lambda env: practice.copy_rows(env, rows))

    def do_read_drugs(self, folder):
        start = perf_counter()
        practice.read_files(folder)
        return {"seconds": perf_counter() - start}

    def serve(self):
        """Answer until the input ends."""
        for line in sys.stdin:
            request = json.loads(line)
            try:
                answer = getattr(self, f"do_{request.pop('do')}")(**request)
            except Exception:
                answer = {"error": traceback.format_exc()}
            os.write(RESULTS, (json.dumps(answer) + "\n").encode())


# Whatever Odoo prints must not be taken for an answer.
RESULTS = os.dup(1)
os.dup2(2, 1)

if __name__ == "__main__":
    kind, *words = sys.argv[1:]
    config.parse_config(words, setup_logging=True)
    server.load_server_wide_modules()
    Worker(kind, config["db_name"][0]).serve()
