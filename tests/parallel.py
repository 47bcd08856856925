"""Tests with real connections: what two people do in the same moment, each in a transaction that is committed."""

import threading
from contextlib import contextmanager
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name

#: Seconds a thread waits for the others to be ready, and the test for the threads to end.
READY_TIMEOUT, END_TIMEOUT = 20, 60


class ParallelCase(BaseCase):
    """``_in_parallel(work)`` runs ``work(env)`` in several transactions at once, tried again as the server does."""

    ATTEMPTS = 4

    def setUp(self):
        super().setUp()
        # The test runner holds the lock of the registries, which every thread asks for.
        self.patch(Registry, "_lock", DummyRLock())
        self.registry = Registry(get_db_name())

    @contextmanager
    def _committed(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _in_parallel(self, works):
        """Run all works at once, and return what each returned or raised, in the order they ended."""
        results, barrier = [], threading.Barrier(len(works))
        threads = [threading.Thread(target=self._attempt, args=(work, barrier, results)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=END_TIMEOUT)
        self.assertEqual(len(results), len(works), "a transaction hangs")
        return results

    def _attempt(self, work, barrier, results):
        try:
            with self._committed() as env:
                # The snapshot of a transaction is taken by its first query: before anybody has done anything.
                env.cr.execute("SELECT 1")
                barrier.wait(timeout=READY_TIMEOUT)
                results.append(retrying(partial(work, env), env))
        except Exception as error:
            results.append(error)
