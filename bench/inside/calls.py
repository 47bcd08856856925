"""Calls as the web client makes them, remembered on demand so that they can be made again over HTTP."""

from odoo.service.model import call_kw

RESULT = "$result"
"""Stands in a remembered call for what the call before it gave: the id of the record just created."""


class Calls:
    """Makes calls; between :meth:`record` and :meth:`recorded` it remembers them."""

    def __init__(self):
        self._record = None
        self._last = None

    def __call__(self, env, model, method, *args, **kwargs):
        """Call a public method as RPC does and return what it gives."""
        if self._record is not None:
            shown = [[RESULT] if arg == [self._last] and method.startswith("action_") else arg for arg in args]
            self._record.append([model, method, shown, kwargs])
        self._last = call_kw(env[model], method, list(args), kwargs)
        return self._last

    def record(self):
        """Remember the calls from now on."""
        self._record, self._last = [], None

    def recorded(self):
        """Return the calls remembered, and stop."""
        calls, self._record = self._record, None
        return calls


call = Calls()
