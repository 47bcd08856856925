"""The day of the bare ERP: contacts, a calendar, invoices."""

from datetime import date, datetime, time, timedelta

from calls import call
from people import person

from odoo.fields import Command

import views

OFFICE, BILLING = "bench_office", "bench_billing"
BATCH = 500
DAY = date(2026, 3, 2)
"""A Monday with 125 appointments in either database; the ten working days around it have as many."""

COLUMNS, PER_COLUMN, MINUTES = 5, 25, 20
SILENCE = {
    "no_mail_to_attendees": True,
    "skip_contact_description": True,
    "dont_notify": True,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}
FRAGMENTS = ("trem", "gagn", "bou", "ette", "marie", "syl", "lav", "sing")


def slots():
    """Yield (column, start) of every appointment of the days: five columns of 25 of twenty minutes."""
    for offset in range(-7, 7):
        day = DAY + timedelta(days=offset)
        if day.weekday() < 5:
            for column in range(COLUMNS):
                for place in range(PER_COLUMN):
                    yield column, datetime.combine(day, time(12)) + timedelta(minutes=MINUTES * place)


def in_batches(items, size=BATCH):
    """Yield ``items`` in lists of ``size``."""
    items = list(items)
    for start in range(0, len(items), size):
        yield items[start : start + size]


def new_user(env, login, *groups):
    """Create a user with these groups."""
    return (
        env["res.users"]
        .with_context(**SILENCE)
        .create(
            {
                "name": login,
                "login": login,
                "password": login,
                "tz": "America/Toronto",
                "group_ids": [Command.set([env.ref(group).id for group in ("base.group_user", *groups)])],
            }
        )
    )


def day_domain():
    """Return the domain of the day that is measured."""
    return [["start", ">=", f"{DAY} 00:00:00"], ["start", "<", f"{DAY + timedelta(days=1)} 00:00:00"]]


class Day:
    """The steps, each done by the user who does it: ``steps[key] = (login, method)``."""

    def __init__(self):
        self.steps = {
            "chart": (OFFICE, self.chart),
            "timeline": (OFFICE, self.list),
            "list": (OFFICE, self.list),
            "search": (OFFICE, self.search),
            "drug_search": (OFFICE, self.search),
            "day_sheet": (OFFICE, self.day_sheet),
            "create": (OFFICE, self.create),
            "prescribe": (BILLING, self.draft_invoice),
            "safety": (OFFICE, self.search),
            "invoice": (BILLING, self.draft_invoice),
        }
        self._specifications = {}

    def specification(self, env, key, make):
        """Return what a view asks for: the web client knows it from an earlier call and keeps it."""
        if (env.uid, key) not in self._specifications:
            self._specifications[env.uid, key] = make()
        return self._specifications[env.uid, key]

    # Data

    def build_people(self, env, count):
        """Make the users, the contacts both databases share, and a product."""
        new_user(env, OFFICE, "base.group_partner_manager")
        new_user(env, BILLING, "account.group_account_invoice", "base.group_partner_manager")
        partners = env["res.partner"].with_context(**SILENCE)
        canada = env.ref("base.ca").id
        for numbers in in_batches(range(count)):
            partners.create([self._prepare_contact(person(number), canada) for number in numbers])
            env.flush_all()
            env.invalidate_all()
        env["product.product"].create(
            {"name": "Visit", "type": "service", "list_price": 80, "taxes_id": [Command.clear()]}
        )

    def _prepare_contact(self, facts, country):
        kept = ("phone", "email", "street", "city", "zip")
        name = f"{facts['first_name']} {facts['last_name']}"
        return {"name": name, "country_id": country, **{field: facts[field] for field in kept}}

    def build_events(self, env):
        """Fill the calendar: each event with a contact, as a practice without the addon would write it."""
        user = env["res.users"].search([("login", "=", OFFICE)])
        contacts = self.contacts(env).ids
        events = env["calendar.event"].with_user(user).with_context(**SILENCE)
        for batch in in_batches(enumerate(slots())):
            events.create(
                [
                    {
                        "name": f"Visit {number}",
                        "start": start,
                        "stop": start + timedelta(minutes=MINUTES),
                        "partner_ids": [Command.set([user.partner_id.id, contacts[number % len(contacts)]])],
                    }
                    for number, (_column, start) in batch
                ]
            )
            env.flush_all()
            env.invalidate_all()

    def contacts(self, env):
        """Return the contacts of the people, in their order."""
        return env["res.partner"].search([("email", "=like", "person%@example.org")], order="id")

    # Steps

    def before(self, step, env, run):
        """Make or find what a run needs and return it."""
        if step == "chart":
            return self.contacts(env)[run * 7 % 120].id
        if step in ("prescribe", "invoice"):
            product = env["product.product"].search([("name", "=", "Visit")], limit=1)
            contacts = self.contacts(env)
            return contacts[run % len(contacts)].id, product.id
        return None

    def chart(self, env, run, contact_id):
        specification = self.specification(env, "form", lambda: views.form_specification(env["res.partner"]))
        return call(env, "res.partner", "web_read", [contact_id], specification=specification)

    def list(self, env, run, _given):
        specification = self.specification(env, "list", lambda: views.list_specification(env["res.partner"]))
        options = {"limit": 80, "offset": 80 * (run % 20), "count_limit": 10001, "order": ""}
        return call(env, "res.partner", "web_search_read", domain=[], specification=specification, **options)

    def search(self, env, run, _given):
        return call(env, "res.partner", "name_search", FRAGMENTS[run % len(FRAGMENTS)], operator="ilike", limit=8)

    def day_sheet(self, env, run, _given):
        fields = self.specification(env, "calendar", lambda: views.calendar_fields(env["calendar.event"]))
        found = call(env, "calendar.event", "search_read", day_domain(), fields)
        assert len(found) == COLUMNS * PER_COLUMN, len(found)
        return found

    def create(self, env, run, _given):
        specification = self.specification(env, "form", lambda: views.form_specification(env["res.partner"]))
        values = self._prepare_contact(person(1_000_000 + run), env.ref("base.ca").id)
        return call(env, "res.partner", "web_save", [], values, specification=specification)

    def draft_invoice(self, env, run, given):
        contact_id, product_id = given
        lines = [Command.create({"product_id": product_id, "quantity": 1}) for _line in range(3)]
        values = {"move_type": "out_invoice", "partner_id": contact_id, "invoice_line_ids": lines}
        return call(env, "account.move", "create", values)
