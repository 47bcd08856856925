"""The day of the practice: patients, appointments, consultations, prescriptions, acts."""

import base64
import io
from datetime import datetime, time, timedelta

from bare import COLUMNS, DAY, FRAGMENTS, MINUTES, PER_COLUMN, SILENCE, day_domain, in_batches, new_user, slots
from bare import Day as BareDay
from calls import call
from people import person
from PIL import Image, ImageDraw

from odoo.fields import Command

import views

RECEPTION, PRACTITIONER, MANAGER = "bench_reception", "bench_practitioner", "bench_manager"
REGULARS = 120
"""Patients with a long chart: the ones whose chart is opened."""

VISITS, PRESCRIPTIONS = 6, 3
"""Signed visits and prescriptions of three lines in each of these charts."""

LONG_VISITS = 500
"""More visits, never signed, of the last of them: a chart of twenty years."""

LINES, TREATMENTS = {"prescribe": 3, "safety": 10}, 20
"""Lines of a prescription that is signed, of one that is checked; drugs a patient of the latter takes."""

DRUG_FRAGMENTS = ("met", "apotex pril", "sandoz 10", "amlo 5", "oxi capsule", "chlorhydrate", "20000", "teva vasta")
NOTE = "<p>Came with a cough for three days, no fever. Lungs clear on both sides, throat slightly red.</p>"
TABLES = (
    "medical_substance",
    "medical_generic_group",
    "medical_drug",
    "medical_drug_substance",
    "medical_drug_package",
)


class Day(BareDay):
    """The steps as the roles of the practice do them."""

    def __init__(self):
        super().__init__()
        self.steps = {
            "chart": (PRACTITIONER, self.chart),
            "timeline": (PRACTITIONER, self.timeline),
            "list": (RECEPTION, self.list),
            "search": (RECEPTION, self.search),
            "drug_search": (PRACTITIONER, self.drug_search),
            "day_sheet": (RECEPTION, self.day_sheet),
            "create": (RECEPTION, self.create),
            "prescribe": (PRACTITIONER, self.prescribe),
            "safety": (PRACTITIONER, self.safety),
            "invoice": (PRACTITIONER, self.invoice),
        }

    # Data

    def build_drugs(self, env, folder):
        """Load the register."""
        env["medical.register"].load_edition("dpd", folder)

    def build_practice(self, env):
        """Make patients of the contacts, with appointments; give the regulars a history."""
        env["calendar.event"].with_context(active_test=False, **SILENCE).search([]).unlink()
        practitioners = self._make_team(env)
        patients = self._make_patients(env, practitioners)
        self._make_appointments(env, practitioners, patients)
        self._make_histories(env, practitioners[0], patients[:REGULARS])
        self._make_interactions(env)

    def _make_team(self, env):
        new_user(env, RECEPTION, "medical_practice.group_reception")
        new_user(env, MANAGER, "medical_practice.group_manager")
        users = [new_user(env, PRACTITIONER, "medical_practice.group_practitioner")]
        users += [
            new_user(env, f"bench_practitioner{number}", "medical_practice.group_practitioner")
            for number in range(2, COLUMNS + 1)
        ]
        licence = env["medical.licence.type"].search([("prescribing", "=", "drugs")], limit=1)
        env.company.partner_id.write({"street": "1 rue Principale", "city": "Montréal", "phone": "+1 514 555 0100"})
        return env["medical.practitioner"].create(
            [
                {
                    "partner_id": user.partner_id.id,
                    "user_id": user.id,
                    "licence_type_id": licence.id,
                    "licence_number": f"{number:05}",
                    "signature": _signature(number),
                }
                for number, user in enumerate(users, start=1)
            ]
        )

    def _make_patients(self, env, practitioners):
        patients = env["medical.patient"].with_context(**SILENCE)
        made = []
        for batch in in_batches(enumerate(self.contacts(env).ids)):
            made += patients.create(
                [
                    {
                        "partner_id": contact_id,
                        "practitioner_id": practitioners[number % COLUMNS].id,
                        **{name: person(number)[name] for name in ("first_name", "last_name", "birthdate", "sex")},
                    }
                    for number, contact_id in batch
                ]
            ).ids
            env.flush_all()
            env.invalidate_all()
        return patients.browse(made)

    def _make_appointments(self, env, practitioners, patients):
        events = env["calendar.event"].with_context(**SILENCE)
        for batch in in_batches(enumerate(slots())):
            events.create(
                [
                    {
                        "patient_id": patients[number % len(patients)].id,
                        "practitioner_id": practitioners[column].id,
                        "appointment_state": "booked",
                        "start": start,
                        "stop": start + timedelta(minutes=MINUTES),
                    }
                    for number, (column, start) in batch
                ]
            )
            env.flush_all()
            env.invalidate_all()

    def _make_histories(self, env, practitioner, patients):
        """Give each patient signed visits with measurements, and signed prescriptions."""
        own = env(user=practitioner.user_id.id)
        patients = patients.with_env(own)
        drugs, frequency = self._get_drugs(own), own["medical.dosage.frequency"].search([], limit=1)
        visits = self._make_visits(own, practitioner, patients)
        self._make_visits(own, practitioner, patients[-1:], LONG_VISITS)
        for batch in in_batches(visits.ids, 100):
            own["medical.consultation"].browse(batch).action_sign()
            self._set_down(own)
        prescriptions = own["medical.prescription"].create(
            [
                self._prepare_prescription(patient.id, practitioner.id, drugs, frequency, number)
                for patient in patients
                for number in range(PRESCRIPTIONS)
            ]
        )
        for batch in in_batches(prescriptions.ids, 100):
            own["medical.prescription"].browse(batch).action_sign()
            self._set_down(own)

    def _make_interactions(self, env):
        """Let every two of the substances that are prescribed interact."""
        substances = env["medical.drug"].browse(self._get_drugs(env)).substance_ids.substance_id
        common = {"register_kind": "interactions_csv", "source": "bench"}
        keys = dict.fromkeys(filter(None, substances.mapped("key")))
        terms = env["medical.interaction.term"].create(
            [{**common, "kind": "substance", "name": key, "key": key} for key in keys]
        )
        grades = ("avoid", "precaution", "take_into_account")
        env["medical.interaction"].create(
            [
                {
                    **common,
                    "term_a_id": one.id,
                    "term_b_id": two.id,
                    "severity": grades[(one.id + two.id) % len(grades)],
                    "mechanism": "Both prolong the QT interval.",
                    "advice": "Watch the electrocardiogram.",
                }
                for number, one in enumerate(terms)
                for two in terms[number + 1 :]
            ]
        )

    def _set_down(self, env):
        env.flush_all()
        env.invalidate_all()

    def _make_visits(self, env, practitioner, patients, count=VISITS):
        visits = (
            env["medical.consultation"]
            .with_context(**SILENCE)
            .create(
                [
                    {
                        "patient_id": patient.id,
                        "practitioner_id": practitioner.id,
                        "date_start": datetime.combine(DAY, time(14)) - timedelta(days=9 * (number + 1)),
                        "reason": "Cough",
                        "subjective": NOTE,
                        "plan": NOTE,
                        "weight": 60 + number % 20,
                        "height": 170,
                        "bp_systolic": 120 + number % 20,
                        "bp_diastolic": 80,
                    }
                    for patient in patients
                    for number in range(count)
                ]
            )
        )
        self._set_down(env)
        return visits

    def _get_drugs(self, env):
        """Return drugs a dosage of tablets suits."""
        domain = [("dose_unit", "=", "tablet"), ("narcotic_class", "=", False), ("route_code", "=", "oral")]
        return env["medical.drug"].search(domain, limit=60, order="id").ids

    def _prepare_prescription(self, patient_id, practitioner_id, drugs, frequency, number, size=3):
        chosen = [drugs[(3 * number + place) % len(drugs)] for place in range(size)]
        dosage = {"dose": 1, "dose_unit": "tablet", "frequency_id": frequency.id, "route": "oral"}
        dosage |= {"duration": 10, "duration_unit": "day"}
        return {
            "patient_id": patient_id,
            "practitioner_id": practitioner_id,
            "line_ids": [Command.create({"drug_id": drug_id, **dosage}) for drug_id in chosen],
        }

    # Steps

    def before(self, step, env, run):
        """Make or find what a run needs and return it."""
        if step == "timeline":
            return env["medical.consultation"]._read_group([], ["patient_id"], order="__count desc", limit=1)[0][0].id
        if step not in ("chart", "prescribe", "safety", "invoice"):
            return None
        patient_id = env["medical.patient"].search([], order="id", limit=REGULARS)[run * 7 % REGULARS].id
        if step == "chart":
            return patient_id
        if step in ("prescribe", "safety"):
            frequency = env["medical.dosage.frequency"].search([], limit=1)
            practitioner = env["medical.practitioner"].search([("user_id", "=", env.uid)])
            drugs, size = self._get_drugs(env), LINES[step]
            values = self._prepare_prescription(patient_id, practitioner.id, drugs, frequency, run, size)
            return values if step == "prescribe" else self._make_draft(env, values, drugs)
        return self._make_visit_to_invoice(env, patient_id)

    def _make_draft(self, env, values, drugs):
        """Return a draft of a patient who takes twenty drugs."""
        patient_id = values["patient_id"]
        treatments = env["medical.treatment"]
        if not treatments.search_count([("patient_id", "=", patient_id)]):
            taken = [{"patient_id": patient_id, "drug_id": drug_id, "dose": 1} for drug_id in drugs[-TREATMENTS:]]
            treatments.create(taken)
        return env["medical.prescription"].create(values).id

    def _make_visit_to_invoice(self, env, patient_id):
        # Fee schedule and acts are set up by others before the day begins.
        product = env["product.product"].sudo().search([("name", "=", "Visit")], limit=1)
        if not product.is_medical_act:
            product.write({"is_medical_act": True, "act_code": "V1", "invoice_label": "Professional services"})
        practitioner = env["medical.practitioner"].search([("user_id", "=", env.uid)])
        act = {"product_id": product.id, "practitioner_id": practitioner.id, "patient_id": patient_id}
        visit = env["medical.consultation"].create(
            {
                "patient_id": patient_id,
                "practitioner_id": practitioner.id,
                "reason": "Cough",
                "subjective": NOTE,
                "act_ids": [Command.create(act) for _act in range(3)],
            }
        )
        visit.action_sign()
        return visit.id

    def chart(self, env, run, patient_id):
        # The form, and the cover sheet that its first tab shows.
        specification = self.specification(env, "form", lambda: views.form_specification(env["medical.patient"]))
        call(env, "medical.patient", "web_read", [patient_id], specification=specification)
        return call(env, "medical.patient", "get_chart_overview", [patient_id])

    def timeline(self, env, run, patient_id):
        return call(env, "medical.patient", "get_chart_timeline", [patient_id], limit=40)

    def list(self, env, run, _given):
        specification = self.specification(env, "list", lambda: views.list_specification(env["medical.patient"]))
        options = {"limit": 80, "offset": 80 * (run % 20), "count_limit": 10001, "order": ""}
        return call(env, "medical.patient", "web_search_read", domain=[], specification=specification, **options)

    def search(self, env, run, _given):
        return call(env, "medical.patient", "name_search", FRAGMENTS[run % len(FRAGMENTS)], operator="ilike", limit=8)

    def drug_search(self, env, run, _given):
        fragment = DRUG_FRAGMENTS[run % len(DRUG_FRAGMENTS)]
        return call(env, "medical.drug", "name_search", fragment, operator="ilike", limit=8)

    def day_sheet(self, env, run, _given):
        """The list of the day sheet, its groups unfolded, in the one call the web client makes."""
        view = "medical_practice.calendar_event_view_list_day_sheet"
        specification = self.specification(env, "day", lambda: views.list_specification(env["calendar.event"], view))
        options = {"auto_unfold": True, "unfold_read_specification": specification, "unfold_read_default_limit": 200}
        domain = [["patient_id", "!=", False], *day_domain()]
        found = call(env, "calendar.event", "web_read_group", domain, ["practitioner_id"], ["__count"], **options)
        shown = sum(len(group["__records"]) for group in found["groups"])
        assert shown == COLUMNS * PER_COLUMN, shown
        return found

    def create(self, env, run, _given):
        specification = self.specification(env, "form", lambda: views.form_specification(env["medical.patient"]))
        facts = person(1_000_000 + run)
        values = {name: facts[name] for name in ("first_name", "last_name", "phone", "email", "street", "city", "zip")}
        values |= {"birthdate": str(facts["birthdate"]), "sex": facts["sex"], "country_id": env.ref("base.ca").id}
        return call(env, "medical.patient", "web_save", [], values, specification=specification)

    def prescribe(self, env, run, values):
        prescription_id = call(env, "medical.prescription", "create", values)
        return call(env, "medical.prescription", "action_sign", [prescription_id])

    def safety(self, env, run, prescription_id):
        return call(env, "medical.prescription", "check_safety", [prescription_id])

    def invoice(self, env, run, visit_id):
        return call(env, "medical.consultation", "action_invoice", [visit_id])


def _signature(number):
    """Return the picture of a signature, different for everybody."""
    image = Image.new("RGB", (320, 90), "white")
    points = [(10 * place, 45 + 30 * ((place * (number + 2)) % 5 - 2) // 2) for place in range(32)]
    ImageDraw.Draw(image).line(points, fill="navy", width=3)
    output = io.BytesIO()
    image.save(output, "PNG")
    return base64.b64encode(output.getvalue())


# The register


def register_rows(env, kind="dpd"):
    """Return what the register has become, table by table, in PostgreSQL's COPY format."""
    rows = {}
    for table in TABLES:
        output = io.StringIO()
        of_kind = "SELECT id FROM medical_drug WHERE register_kind = %(kind)s"
        where = f"drug_id IN ({of_kind})" if table == "medical_drug_substance" else "register_kind = %(kind)s"
        query = env.cr.mogrify(f"SELECT * FROM {table} WHERE {where}", {"kind": kind}).decode()
        env.cr.copy_expert(f"COPY ({query}) TO STDOUT", output)
        rows[table] = output.getvalue()
    return rows


def empty_register(env):
    """Take the drugs away for this transaction; the tables keep their indexes but start without old rows."""
    env.cr.execute("TRUNCATE medical_drug, medical_substance, medical_generic_group CASCADE")
    env.invalidate_all()


def copy_rows(env, rows):
    """COPY the rows into their own tables, which maintains their indexes and keys."""
    for table in TABLES:
        env.cr.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(rows[table]))


def read_files(folder, kind="dpd"):
    """Read the official files and give every product once."""
    from odoo.addons.medical_practice.lib.registers import read_edition

    return sum(1 for _product in read_edition(kind, folder).rows())
