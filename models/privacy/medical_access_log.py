from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import SQL

ACTIONS = [
    ("read", "Read"),
    ("create", "Created"),
    ("write", "Changed"),
    ("delete", "Draft deleted"),
    ("print", "Printed"),
    ("export", "Exported"),
    ("send", "Sent"),
    ("sign", "Signed"),
    ("cancel", "Cancelled"),
    ("emergency", "Emergency access"),
    ("refused", "Refused"),
]
DOORS = [
    ("web", "Screen"),
    ("rpc", "Remote call"),
    ("report", "Printed paper"),
    ("export", "Export"),
    ("portal", "Portal"),
    ("api", "Programming interface"),
    ("system", "System"),
]
ROLES = [
    ("practitioner", "Practitioner"),
    ("assistant", "Assistant"),
    ("reception", "Reception"),
    ("privacy", "Privacy officer"),
    ("billing", "Billing"),
    ("manager", "Manager"),
    ("patient", "Patient"),
    ("system", "System"),
    ("other", "Other"),
]
CONTEXTS = [
    ("care", "Care"),
    ("administration", "Administration"),
    ("billing", "Billing"),
    ("emergency", "Emergency"),
    ("other", "Other"),
]

#: The first group a user has names the role; the role tells what the access is for (LRSSS s. 103).
ROLE_GROUPS = (
    ("medical_practice.group_practitioner", "practitioner", "care"),
    ("medical_practice.group_assistant", "assistant", "care"),
    ("medical_practice.group_reception", "reception", "administration"),
    ("medical_practice.group_privacy_officer", "privacy", "administration"),
    ("account.group_account_invoice", "billing", "billing"),
    ("medical_practice.group_manager", "manager", "administration"),
    ("base.group_portal", "patient", "other"),
)
#: Beginning of the address of a request: which door that is.
DOOR_PATHS = (
    ("/report/", "report"),
    ("/web/export", "export"),
    ("/json/", "api"),
    ("/xmlrpc", "rpc"),
    ("/jsonrpc", "rpc"),
    ("/my", "portal"),
)

MAX_DETAIL = 250
#: Requests of one screen that opens follow each other within this time.
GESTURE = timedelta(seconds=10)
QUEUE = "medical_practice.accesses"

#: A table of our own: rows are inserted without a foreign key, so that an access holds no lock on a chart or a user,
#: and outlives both.
TABLE = """
CREATE TABLE IF NOT EXISTS medical_access_log (
    id bigserial PRIMARY KEY,
    date timestamp NOT NULL,
    user_id integer NOT NULL,
    patient_id integer,
    company_id integer,
    res_model varchar NOT NULL,
    res_id integer,
    record_count integer NOT NULL,
    action varchar NOT NULL,
    door varchar NOT NULL,
    role varchar NOT NULL,
    context varchar NOT NULL,
    detail varchar,
    digest varchar
);
CREATE INDEX IF NOT EXISTS medical_access_log_patient_idx ON medical_access_log (patient_id, date DESC, id DESC);
CREATE INDEX IF NOT EXISTS medical_access_log_user_idx ON medical_access_log (user_id, date DESC, id DESC);
CREATE INDEX IF NOT EXISTS medical_access_log_date_idx ON medical_access_log (date DESC, id DESC);
CREATE OR REPLACE FUNCTION medical_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The access log is written once and never changed' USING ERRCODE = 'restrict_violation';
END $$;
"""
APPEND_ONLY = """
DROP TRIGGER IF EXISTS %(table)s_append_only ON %(table)s;
CREATE TRIGGER %(table)s_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s
FOR EACH STATEMENT EXECUTE FUNCTION medical_append_only();
"""

COLUMNS = (
    "id",
    "date",
    "user_id",
    "patient_id",
    "company_id",
    "res_model",
    "res_id",
    "record_count",
    "action",
    "door",
    "role",
    "context",
    "detail",
    "digest",
)


class MedicalAccessLog(models.Model):
    """Who did what with which patient's record, when, by which door, in which role (L-R-22.1 / LRSSS s. 103).

    One row a gesture and patient, not one a field: a chart that opens with its ten lists is one row, a list of
    consultations is one row for each patient in it. Rows are noted during a transaction and inserted in one statement
    when it commits; where it reads only (a replica, a read-only cursor) or fails (a refusal), in a transaction of
    their own right after. Without its row nothing leaves the server: an error here is an error of the request.

    Nobody changes or deletes a row: no ACL, no method, and a PostgreSQL trigger that the owner of the table meets too.
    """

    _name = "medical.access.log"
    _description = "Access Log"
    _auto = False
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    patient_id = fields.Many2one("medical.patient", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    record_label = fields.Char("What", compute="_compute_record_label")
    record_count = fields.Integer("Records", readonly=True, aggregator="sum")
    action = fields.Selection(ACTIONS, readonly=True)
    door = fields.Selection(DOORS, readonly=True)
    role = fields.Selection(ROLES, readonly=True)
    context = fields.Selection(CONTEXTS, string="Purpose", readonly=True)
    detail = fields.Char(readonly=True, help="Names of fields or of the paper, never what stands in them.")
    digest = fields.Char(readonly=True, help="The digest of what was signed.")

    def init(self):
        self.env.cr.execute(TABLE)
        self.env.cr.execute(APPEND_ONLY % {"table": "medical_access_log"})

    @api.depends("res_model", "res_id")
    @api.depends_context("lang")
    def _compute_record_label(self):
        """Name the kind of record and its number, nothing of what stands in it."""
        for row in self:
            name = row._get_kind_of_record()
            row.record_label = f"{name} {row.res_id}" if row.res_id else name

    def _get_kind_of_record(self):
        """Return what kind of record was accessed, in the language of the user."""
        # The names of models are no secret; who may read the row may read them.
        return self.env["ir.model"].sudo()._get(self.res_model).name or self.res_model

    def _get_person(self):
        """Return the name of who accessed the record, for the person whose record it is."""
        # A patient may know who opened his record (LRSSS s. 103, GDPR art. 15), and nothing else of that user.
        return self.user_id.sudo().name or ""

    # === Nobody writes here by hand === #

    def _refuse(self):
        raise UserError(self.env._("The access log is written once and never changed."))

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        return self._refuse()

    def write(self, vals):  # pylint: disable=method-required-super
        return self._refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self._refuse()

    # === Noting === #

    @api.model
    def _log(self, records, action, detail=None, digest=None):
        """Note an access to records of one audited model; it is written when the transaction ends.

        :param str action: a key of ``ACTIONS``
        :param str detail: names of fields or of a paper, never content
        :param str digest: the digest of what was signed
        """
        ids = [id_ for id_ in records._ids if id_]
        if not ids:
            return
        patients = self._get_patients_before(records, action)
        self._note([(action, records._name, id_, patients.get(id_), detail, digest) for id_ in ids])

    @api.model
    def _get_patients_before(self, records, action):
        """Return ``{id: patient id}`` where it has to be known now, because the rows will be gone."""
        if action != "delete":
            return {}
        # Whose record it is, whoever deletes it.
        rows = records.sudo().read([records._audit_patient_field], load=None)
        return {row["id"]: row[records._audit_patient_field] for row in rows}

    @api.model
    def _log_model(self, model, action, detail=None):
        """Note an access to a model as a whole, such as grouped figures or a refusal of the model."""
        self._note([(action, model, None, None, detail, None)])

    @api.model
    def _note(self, accesses):
        """Put accesses into the queue of the transaction, each once."""
        queue = self._get_queue()
        for access in accesses:
            queue.setdefault((self.env.uid, *access[:3]), (*access, self._get_who()))

    @api.model
    def _get_queue(self):
        """Return the queue of the transaction, and see to it that it is written however the transaction ends.

        It is written with the transaction. Where that cannot be (the cursor reads only, or a savepoint that was rolled
        back took the hook away), right after it; when the transaction is rolled back only refusals are written.
        """
        cr = self.env.cr
        queue = cr.postcommit.data.get(QUEUE)
        if queue is None:
            queue = cr.postcommit.data[QUEUE] = {}
            cr.postcommit.add(lambda: self._write_in_own_transaction(queue))
            cr.postrollback.add(lambda: self._write_refusals(queue))
        if not cr.readonly and QUEUE not in cr.precommit.data:
            cr.precommit.data[QUEUE] = True
            cr.precommit.add(lambda: self._write_now(queue))
        return queue

    @api.model
    def _log_refusal(self, model, ids, operation):
        """Note a refused access."""
        self._note([("refused", model, id_, None, operation, None) for id_ in ids or [None]])

    @api.model
    def _get_who(self):
        """Return ``(user id, door, role, purpose)`` of what happens now."""
        role, purpose = self._get_role()
        return (self.env.uid, self._get_door(), role, purpose)

    @api.model
    def _get_role(self):
        """Return the role of the user and what an access in that role is for."""
        # The groups of the user himself, in whichever name the code runs.
        user = self.env.user.sudo()
        if user._is_superuser():
            return "system", "other"
        for group, role, purpose in ROLE_GROUPS:
            if user.has_group(group):
                return role, purpose
        return "other", "other"

    @api.model
    def _get_door(self):
        """Return the door the access came through."""
        if not request:
            return "system"
        path = request.httprequest.path
        for beginning, door in DOOR_PATHS:
            if path.startswith(beginning):
                return door
        return "web" if path.startswith(("/web", "/odoo", "/mail")) else "portal"

    # === Writing === #

    @api.model
    def _flush_pending(self):
        """Write what this transaction noted so far; a transaction that only reads writes at its end."""
        queue = self.env.cr.postcommit.data.get(QUEUE)
        if queue and not self.env.cr.readonly:
            self._write_now(queue)

    @api.model
    def _write_now(self, queue):
        if queue:
            self.env.flush_all()
            self.env.cr.execute(self._get_insert(queue))
            self.env.cr.cache["medical_access_log_written"] = True
            queue.clear()

    @api.model
    def _write_in_own_transaction(self, queue):
        if queue:
            with self.env.registry.cursor() as cr:
                cr.execute(self._get_insert(queue))
            queue.clear()

    @api.model
    def _write_refusals(self, queue):
        """Keep what was refused; the rest of a transaction that was rolled back never happened."""
        refused = {key: access for key, access in queue.items() if access[0] == "refused"}
        queue.clear()
        self._write_in_own_transaction(refused)

    @api.model
    def _get_insert(self, queue):
        """Return the one statement that inserts the queue, with the patient of each record as the database knows it.

        Reads of one patient in one transaction are one row, the first record with the count of all; there is none
        where the patient's record was changed in the same gesture, and a change that is a part of making, signing or
        cancelling a document is not told twice. A screen that asks the server several times for one record, as an
        opening chart does, is one gesture too.
        """
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        return SQL(
            """WITH touched AS (%(touched)s)
               INSERT INTO medical_access_log (date, user_id, patient_id, company_id, res_model, res_id, record_count,
                                               action, door, role, context, detail, digest)
               SELECT %(now)s, user_id, patient_id, company_id, res_model, res_id, record_count,
                      action, door, role, context, detail, digest
                 FROM (SELECT DISTINCT ON (user_id, patient_id) *,
                              count(*) OVER (PARTITION BY user_id, patient_id) AS record_count
                         FROM touched WHERE action = 'read' AND NOT EXISTS (
                              SELECT FROM touched other
                               WHERE other.patient_id = touched.patient_id AND other.user_id = touched.user_id
                                AND other.action <> 'read')
                        ORDER BY user_id, patient_id, ord) reads
                WHERE NOT EXISTS (
                      SELECT FROM medical_access_log same
                       WHERE same.user_id = reads.user_id AND same.patient_id = reads.patient_id
                         AND same.res_model = reads.res_model AND same.res_id = reads.res_id
                         AND same.action = 'read' AND same.door = reads.door AND same.date > %(since)s)
               UNION ALL
               SELECT %(now)s, user_id, patient_id, company_id, res_model, res_id, 1,
                      action, door, role, context, detail, digest
                 FROM touched WHERE action <> 'read' AND NOT (action = 'write' AND EXISTS (
                      SELECT FROM touched other
                       WHERE other.res_model = touched.res_model AND other.res_id = touched.res_id
                         AND other.action IN ('create', 'sign', 'cancel', 'delete')))""",
            touched=SQL(" UNION ALL ").join(self._get_touched(queue)),
            now=now,
            since=now - GESTURE if request else now,
        )

    @api.model
    def _get_touched(self, queue):
        """Return a query for each model in the queue: its rows with the patient they belong to."""
        by_model = {}
        for order, access in enumerate(queue.values()):
            by_model.setdefault(access[1], []).append((order, access))
        return [self._get_touched_of(model, accesses) for model, accesses in by_model.items()]

    @api.model
    def _get_touched_of(self, name, accesses):
        columns = [[] for _column in range(10)]
        for order, (action, _model, id_, patient_id, detail, digest, who) in accesses:
            row = (order, action, id_, patient_id, (detail or "")[:MAX_DETAIL] or None, digest, *who)
            for column, value in zip(columns, row, strict=True):
                column.append(value)
        model = self.env[name]
        known = hasattr(model, "_audit_patient_field")
        return SQL(
            """SELECT q.ord, q.action, %(name)s AS res_model, q.id AS res_id,
                      COALESCE(q.patient_id, %(patient)s) AS patient_id, %(company)s AS company_id,
                      q.detail, q.digest, q.user_id, q.door, q.role, q.context
                 FROM unnest(%(ord)s::int[], %(action)s::varchar[], %(id)s::int[], %(patient_id)s::int[],
                             %(detail)s::varchar[], %(digest)s::varchar[], %(user_id)s::int[], %(door)s::varchar[],
                             %(role)s::varchar[], %(context)s::varchar[])
                      AS q(ord, action, id, patient_id, detail, digest, user_id, door, role, context)
                      %(join)s""",
            name=name,
            patient=SQL.identifier("t", model._audit_patient_field) if known else SQL("NULL::int"),
            company=SQL.identifier("t", "company_id") if known else SQL("NULL::int"),
            join=SQL("LEFT JOIN %s t ON t.id = q.id", SQL.identifier(model._table)) if known else SQL(),
            ord=columns[0],
            action=columns[1],
            id=columns[2],
            patient_id=columns[3],
            detail=columns[4],
            digest=columns[5],
            user_id=columns[6],
            door=columns[7],
            role=columns[8],
            context=columns[9],
        )
