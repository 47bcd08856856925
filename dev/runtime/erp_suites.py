"""The command ``erp-suites``: the ERP's own tests with and without the addon, side by side.

The suites run on two fresh databases that differ in the addon only, with every module loaded: what an ordinary
installation runs before the addon is there would prove nothing about it.
"""

import argparse
from collections.abc import Sequence

from . import odoolog, options, places, processes, server, testing
from .console import Console
from .workbench import Workbench

SUITES = ("/contacts", "/calendar", "/portal", "/account:TestAccountMoveOutInvoiceOnchanges")
RUN = """
from odoo.tests.shell import run_tests

run_tests(env, {tags!r})
"""


def main(words: Sequence[str]) -> int:
    """Run the suites; the exit code is 0 when the addon makes no difference."""
    parser = argparse.ArgumentParser(
        prog="dev/erp-suites", description="Run the ERP's own tests with and without the addon."
    )
    parser.add_argument("suites", nargs="*", default=SUITES, metavar="TAG", help=f"Odoo test tags ({' '.join(SUITES)})")
    options.add_own_tools(parser)
    arguments = parser.parse_args(words)
    processes.on_signals_stop()
    console = Console()
    testing.require_programs(console)
    with Workbench(arguments, console) as workbench:
        template = workbench.base_template(languages=())  # the ERP's tests expect its texts in English
        results = {name: _run(workbench, template, name, arguments.suites) for name in ("without", "with")}
    return _compare(console, results["without"], results["with"])


def _run(workbench: Workbench, template: str, name: str, suites: Sequence[str]) -> odoolog.Result:
    reader = odoolog.Reader(processes.ignore)
    log = workbench.log(f"suites-{name}")
    odoo = workbench.server
    words = [f"--http-port={server.free_port()}", f"--screenshots={workbench.folder / 'screenshots'}"]
    with workbench.copies(template, 1) as (database,):
        if name == "with":
            odoo.change(workbench.console, "Installing the addon", database, f"--init={places.MODULE}", log=log)
        with workbench.console.step(f"Running {name} the addon") as step:

            def feed(line: str) -> None:
                reader.feed(line)
                step.progress(f"{len(reader.result.started)} started, {reader.running}")

            processes.follow(
                odoo.command(database, *words, subcommand="shell"),
                feed,
                environment=odoo.variables(),
                log=log,
                stdin=RUN.format(tags=",".join(suites)),
                options=server.ROOT,
            )
    reader.close()
    workbench.console.line(f"Log {name} the addon: {log}")
    return reader.result


def _compare(console: Console, without: odoolog.Result, with_addon: odoolog.Result) -> int:
    """Print both results; the addon makes a difference where a test ends in another way."""
    console.line(f"\n{'':10} {'without':>8} {'with':>8}")
    for label, count in (("started", "started"), ("failed", "failed"), ("skipped", "skipped")):
        console.line(f"{label:10} {len(getattr(without, count)):8} {len(getattr(with_addon, count)):8}")
    different = sorted(
        name for name in without.started | with_addon.started if _end(without, name) != _end(with_addon, name)
    )
    for name in different:
        console.line(f"  {name}: {_end(without, name)} without, {_end(with_addon, name)} with the addon")
    for name in sorted(without.failed & with_addon.failed):
        console.line(f"  {name}: failed both times")
    if not without.started:
        console.line("No test ran.")
        return 1
    console.line("The addon makes a difference." if different else "The addon makes no difference.")
    return 1 if different else 0


def _end(result: odoolog.Result, name: str) -> str:
    if name in result.failed:
        return "failed"
    if name in result.skipped:
        return "skipped"
    return "passed" if name in result.started else "not run"
