from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL, float_compare
from odoo.tools.misc import clean_context

from .product_template import COVERED_PURPOSES

ACT_STATES = [("to_invoice", "To Invoice"), ("invoiced", "Invoiced"), ("free", "Free of Charge")]

BILLING_SIDE = "medical_practice.group_reception,account.group_account_invoice"

#: The two parts an act may be invoiced in: what the patient pays and what his payer takes over.
PATIENT, PAYER = "patient", "payer"


class MedicalAct(models.Model):
    """A service rendered to a patient, at a price: what goes from the visit to the invoice.

    Billing reads acts and never the chart, so that an act says nothing clinical: a service of the fee schedule, a
    quantity, a price. The manager reads the same without names.

    An act is *to invoice*, *invoiced* or *free*. The state follows the invoices by itself: an invoice that is
    cancelled, deleted, stripped of the line, or credited in full gives the act back. While a part of it stands on an
    invoice the act is locked.
    """

    _name = "medical.act"
    _description = "Act"
    _order = "date desc, id desc"
    _check_company_auto = True

    # === Visit === #
    consultation_id = fields.Many2one(
        "medical.consultation", index="btree_not_null", ondelete="cascade", check_company=True, groups=BILLING_SIDE
    )
    event_id = fields.Many2one(
        "calendar.event",
        "Appointment",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups="medical_practice.group_reception",
        help="The missed appointment of an absence fee.",
    )
    patient_id = fields.Many2one(
        "medical.patient",
        compute="_compute_patient_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        groups=BILLING_SIDE,
    )
    partner_id = fields.Many2one(
        related="patient_id.partner_id", string="Contact of the Patient", store=True, index=True, groups=BILLING_SIDE
    )
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True, precompute=True)
    practitioner_id = fields.Many2one(
        "medical.practitioner",
        compute="_compute_practitioner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    date = fields.Date(compute="_compute_date", store=True, readonly=False, precompute=True, required=True, index=True)
    duration = fields.Float(
        compute="_compute_duration",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=False,
        help="Length of the session in hours, printed on the receipt: insurers ask for it.",
    )

    # === Price === #
    product_id = fields.Many2one(
        "product.product",
        "Act",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("is_medical_act", "=", True)],
    )
    quantity = fields.Float(default=1, required=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Tariff",
        compute="_compute_pricelist_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
        help="The tariff or agreement of the patient.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True, precompute=True)
    price_unit = fields.Monetary(
        "Unit Price", compute="_compute_price_unit", store=True, readonly=False, precompute=True, aggregator=False
    )
    amount_total = fields.Monetary("Amount", compute="_compute_amount_total", store=True, precompute=True)

    # === Who pays === #
    coverage_id = fields.Many2one(
        "medical.coverage",
        compute="_compute_coverage_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    payer_share = fields.Monetary(
        compute="_compute_payer_share", store=True, readonly=False, precompute=True, help="What the payer takes over."
    )
    patient_share = fields.Monetary(compute="_compute_patient_share", store=True, precompute=True)

    # === Billing === #
    is_free = fields.Boolean(
        "Free of Charge", compute="_compute_is_free", store=True, readonly=False, precompute=True, copy=False
    )
    invoice_line_ids = fields.Many2many(
        "account.move.line",
        "medical_act_account_move_line_rel",
        string="Invoice Lines",
        copy=False,
        readonly=True,
        groups=BILLING_SIDE,
    )
    invoice_ids = fields.Many2many(
        "account.move", compute="_compute_invoice_ids", compute_sudo=True, string="Invoices", groups=BILLING_SIDE
    )
    is_locked = fields.Boolean(
        compute="_compute_is_locked", store=True, help="A part of the act stands on an invoice: it does not change."
    )
    state = fields.Selection(ACT_STATES, "Status", compute="_compute_state", store=True, index=True)

    _event_uniq = models.UniqueIndex(
        "(event_id) WHERE event_id IS NOT NULL", "The absence fee of this appointment is recorded already."
    )
    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "The quantity of an act is more than zero.")
    _price_positive = models.Constraint("CHECK (price_unit >= 0)", "The price of an act is never negative.")
    _share_positive = models.Constraint("CHECK (payer_share >= 0)", "The share of the payer is never negative.")
    _invoicing_idx = models.Index("(company_id, date) WHERE state = 'to_invoice'")

    # === Computes: the visit === #

    def _not_invoiced(self):
        """Return the acts that may still follow their visit and their price; the others stay as they were invoiced."""
        return self.filtered(lambda act: not act.is_locked)

    @api.depends("consultation_id.patient_id", "event_id.patient_id")
    def _compute_patient_id(self):
        for act in self._not_invoiced():
            act.patient_id = act.consultation_id.patient_id or act.event_id.patient_id or act.patient_id

    @api.depends("consultation_id.practitioner_id", "event_id.practitioner_id")
    def _compute_practitioner_id(self):
        for act in self._not_invoiced():
            act.practitioner_id = (
                act.consultation_id.practitioner_id or act.event_id.practitioner_id or act.practitioner_id
            )

    @api.depends("consultation_id.date_start", "event_id.start")
    def _compute_date(self):
        for act in self._not_invoiced():
            moment = act.consultation_id.date_start or act.event_id.start
            if moment:
                act.date = fields.Datetime.context_timestamp(act, moment).date()
            else:
                act.date = act.date or fields.Date.context_today(act)

    @api.depends("consultation_id.event_id.duration")
    def _compute_duration(self):
        for act in self._not_invoiced():
            act.duration = act.consultation_id.event_id.duration or act.duration

    @api.depends("consultation_id.is_free")
    def _compute_is_free(self):
        for act in self._not_invoiced():
            act.is_free = act.consultation_id.is_free

    # === Computes: the price === #

    @api.depends("patient_id")
    def _compute_pricelist_id(self):
        for act in self._not_invoiced():
            partner = act.patient_id.partner_id.with_company(act.patient_id.company_id)
            act.pricelist_id = partner.property_product_pricelist

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for act in self:
            company = act.company_id or self.env.company
            act.currency_id = act.pricelist_id.currency_id or company.currency_id

    @api.depends("product_id", "quantity", "pricelist_id", "date", "company_id")
    def _compute_price_unit(self):
        groups = defaultdict(self.browse)
        for act in self._not_invoiced():
            if act.product_id:
                groups[act.pricelist_id, act.company_id, act.currency_id, act.quantity, act.date] |= act
            else:
                act.price_unit = 0.0
        for (pricelist, company, currency, quantity, date), acts in groups.items():
            prices = pricelist.with_company(company)._get_products_price(
                acts.product_id.with_company(company), quantity or 1.0, currency=currency, date=date or False
            )
            for act in acts:
                act.price_unit = prices.get(act.product_id._origin.id or act.product_id.id, 0.0)

    @api.depends("quantity", "price_unit", "is_free", "currency_id")
    def _compute_amount_total(self):
        for act in self:
            amount = 0.0 if act.is_free else act.quantity * act.price_unit
            act.amount_total = act.currency_id.round(amount) if act.currency_id else amount

    # === Computes: who pays === #

    @api.depends("patient_id", "date", "product_id")
    def _compute_coverage_id(self):
        for act in self._not_invoiced():
            covered = act.date and act.product_id.act_purpose in COVERED_PURPOSES
            act.coverage_id = act.patient_id.coverage_ids._get_applicable(act.date)[:1] if covered else False

    @api.depends("coverage_id", "amount_total", "quantity", "currency_id", "date")
    def _compute_payer_share(self):
        for act in self._not_invoiced():
            act.payer_share = (
                act.coverage_id._get_share(act.amount_total, act.quantity, act.currency_id, act.date)
                if act.coverage_id
                else 0.0
            )

    @api.depends("amount_total", "payer_share")
    def _compute_patient_share(self):
        for act in self:
            act.patient_share = act.amount_total - act.payer_share

    # === Computes: billing === #

    @api.depends("invoice_line_ids.move_id")
    def _compute_invoice_ids(self):
        for act in self:
            act.invoice_ids = act.invoice_line_ids.move_id

    @api.depends(
        "invoice_line_ids.price_subtotal",
        "invoice_line_ids.move_id.state",
        "invoice_line_ids.move_id.move_type",
        "invoice_line_ids.move_id.reversed_entry_id",
    )
    def _compute_is_locked(self):
        for act in self:
            act.is_locked = bool(act._get_live_invoices())

    @api.depends("is_free", "is_locked", "patient_share", "payer_share", "invoice_line_ids.move_id.medical_coverage_id")
    def _compute_state(self):
        for act in self:
            if act._get_shares_to_invoice():
                act.state = "to_invoice"
            else:
                act.state = "free" if act.is_free else "invoiced"

    @api.depends("product_id", "date")
    def _compute_display_name(self):
        """Say neither the service nor the patient: the neutral label and the date."""
        for act in self:
            label = act.product_id._get_invoice_label() if act.product_id else False
            day = fields.Date.to_string(act.date) if act.date else False
            act.display_name = ", ".join(filter(None, [label, day]))

    # === Constraints === #

    @api.constrains("product_id")
    def _check_product_is_act(self):
        for act in self:
            if not act.product_id.is_medical_act:
                raise ValidationError(
                    self.env._("“%(product)s” is not in the fee schedule.", product=act.product_id.display_name)
                )

    @api.constrains("patient_id", "consultation_id", "event_id", "coverage_id")
    def _check_same_patient(self):
        # The patient of a visit is a fact that billing cannot read: compared past the rights of the user.
        for act in self.sudo():
            patients = act.patient_id | act.consultation_id.patient_id | act.event_id.patient_id
            if len(patients | act.coverage_id.patient_id) > 1:
                raise ValidationError(
                    self.env._("An act, its consultation, its appointment and its coverage are of one patient.")
                )

    @api.constrains("payer_share", "amount_total", "coverage_id")
    def _check_payer_share(self):
        for act in self:
            digits = act.currency_id.decimal_places
            if act.payer_share > 0 and float_compare(act.payer_share, act.amount_total, precision_digits=digits) > 0:
                raise ValidationError(self.env._("The payer takes over no more than the amount of the act."))
            if act.payer_share and not act.coverage_id:
                raise ValidationError(self.env._("Choose the coverage under which the payer takes over a share."))

    # === CRUD === #

    @api.model
    def _get_fields_fixed_once_invoiced(self):
        """Return the names of the fields that do not change while an invoice carries the act."""
        return {
            "consultation_id",
            "event_id",
            "patient_id",
            "practitioner_id",
            "date",
            "product_id",
            "quantity",
            "pricelist_id",
            "price_unit",
            "coverage_id",
            "payer_share",
            "is_free",
        }

    @api.model_create_multi
    def create(self, vals_list):
        if any("invoice_line_ids" in vals for vals in vals_list):
            raise UserError(self._get_line_link_message())
        return super().create(vals_list)

    def write(self, vals):
        if "invoice_line_ids" in vals:
            raise UserError(self._get_line_link_message())
        if self._get_fields_fixed_once_invoiced() & vals.keys():
            self._check_not_invoiced()
        return super().write(vals)

    def _get_line_link_message(self):
        return self.env._("Use the Invoice button: the lines of an invoice are not put on an act by hand.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_invoiced(self):
        self._check_not_invoiced()

    def _check_not_invoiced(self):
        """Refuse when an invoice carries one of the acts.

        :raises UserError: naming the invoices and what to do.
        """
        # An invoiced act is fixed for everybody, also for whoever cannot read the invoice.
        invoices = self.sudo()._get_live_invoices()
        if invoices:
            raise UserError(
                self.env._(
                    "This act is invoiced (%(invoices)s) and stays as it is. "
                    "Cancel or credit the invoice first, then change the act.",
                    invoices=", ".join(invoices.mapped(lambda move: move.name or self.env._("draft invoice"))),
                )
            )

    # === What is invoiced, what is left === #

    def _get_live_invoices(self):
        """Return the invoices that still carry the acts: neither cancelled nor credited in full."""
        # Counted over all invoices, whoever asks: a right to see less must not make an act invoiced twice.
        lines = self.sudo().invoice_line_ids
        credited = defaultdict(float)
        for line in lines.filtered(lambda line: line._is_posted_medical_refund()):
            credited[line.move_id.reversed_entry_id, line.medical_act_ids] += line.price_subtotal
        invoiced = defaultdict(float)
        for line in lines.filtered(lambda line: line._is_live_medical_invoice()):
            invoiced[line.move_id, line.medical_act_ids] += line.price_subtotal
        live = self.env["account.move"].sudo()
        for (move, acts), amount in invoiced.items():
            refund = credited.get((move, acts))
            if refund is None or move.currency_id.compare_amounts(refund, amount) < 0:
                live |= move
        return live

    def _get_shares_to_invoice(self):
        """Return the parts of the act, ``PATIENT`` and ``PAYER``, that no live invoice carries yet."""
        self.ensure_one()
        if self.is_free:
            return set()
        live = self._get_live_invoices()
        done = {PAYER if move.medical_coverage_id else PATIENT for move in live}
        return self._get_shares() - done

    def _get_shares(self):
        """Return the parts the act is invoiced in: an act of no price still has a line for the patient."""
        self.ensure_one()
        currency = self.currency_id or self.env.company.currency_id
        shares = {PAYER} if not currency.is_zero(self.payer_share) else set()
        if not shares or not currency.is_zero(self.patient_share):
            shares.add(PATIENT)
        return shares

    # === Invoicing === #

    def action_invoice(self):
        """Put the acts on draft invoices, one for each patient and payer, and show them to whoever may see invoices.

        Pressed twice it makes nothing twice: the second time shows the invoices of the first.

        :raises UserError: if there is nothing to invoice.
        """
        self.check_access("write")
        invoices = self._create_invoices() or self._get_live_invoices()
        if not invoices:
            raise UserError(self._get_nothing_to_invoice_message())
        return self._get_invoices_action(invoices)

    def _get_nothing_to_invoice_message(self):
        if self and all(act.is_free for act in self):
            return self.env._("Nothing to invoice: these acts are free of charge.")
        return self.env._("Nothing to invoice: add the acts of the visit first.")

    def action_set_free(self):
        """Give the acts for free.

        :raises UserError: if one is invoiced.
        """
        self.write({"is_free": True})
        return True

    def action_set_chargeable(self):
        """Charge acts that were free."""
        self.write({"is_free": False})
        return True

    def action_open_invoices(self):
        """Show the invoices and credit notes of the acts."""
        return self.invoice_ids._get_medical_invoices_action()

    def _lock_for_invoicing(self):
        """Wait for whoever is invoicing the same acts: two clicks at once make one invoice.

        The one who waited fails to serialise, is tried again by the server, and finds the acts invoiced.
        """
        if self.ids:
            query = SQL("SELECT id FROM medical_act WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids))
            self.env.execute_query(query)
            self.invalidate_recordset(["state", "is_locked"], flush=False)

    def _create_invoices(self):
        """Create the draft invoices of what is left to invoice, and return them (possibly none)."""
        self.flush_recordset()
        self._lock_for_invoicing()
        # Whoever renders the care makes the draft without any right on accounting; he gave write access on the acts
        # above. The payer, the coverage and the journal are read, and the invoice is written, in the practice's name.
        acts = self.sudo().filtered(lambda act: act.state == "to_invoice")
        context = clean_context(self.env.context)
        moves = self.env["account.move"].with_context(context).sudo()  # pylint: disable=context-overridden
        return moves.create(acts._prepare_invoices_vals())

    def _prepare_invoices_vals(self):
        """Return the values of the invoices of the acts: one per payer, patient, currency, and absence or care."""
        parts = defaultdict(list)
        for act in self.sorted(lambda act: (act.date, act.id)):
            for share in sorted(act._get_shares_to_invoice()):
                parts[act._get_invoice_key(share)].append((act, share))
        journals = self._get_invoice_journals(self.company_id)
        vals_list = []
        for group in parts.values():
            acts = self.browse(act.id for act, _share in group)
            vals = acts._prepare_invoice_vals(group[0][1], journals[acts.company_id])
            vals["invoice_line_ids"] = [
                Command.create(act._prepare_invoice_line_vals(share, sequence=10 * number))
                for number, (act, share) in enumerate(group, start=1)
            ]
            vals_list.append(vals)
        return vals_list

    def _get_invoice_key(self, share):
        """Return what two acts have in common to stand on one invoice.

        An absence is not care: it never stands on a receipt that an insurer gets.
        """
        self.ensure_one()
        coverage = self.coverage_id if share == PAYER else self.env["medical.coverage"]
        is_absence = self.product_id.act_purpose == "absence"
        return (
            self.company_id,
            self._get_invoice_partner(share),
            self.patient_id,
            self.currency_id,
            coverage,
            is_absence,
        )

    def _get_invoice_partner(self, share):
        """Return who gets the invoice: the payer of the coverage, the relation that pays, or the patient himself."""
        self.ensure_one()
        if share == PAYER:
            partner = self.coverage_id.partner_id
        else:
            relation = self.patient_id.relation_ids.filtered("is_payer")[:1]
            partner = relation.partner_id or self.patient_id.partner_id
        return self.env["res.partner"].browse(partner.address_get(["invoice"])["invoice"])

    @api.model
    def _get_invoice_journals(self, companies):
        """Return ``{company: sales journal}``.

        :raises UserError: naming the company that has none.
        """
        journals = {}
        groups = self.env["account.journal"]._read_group(
            [("company_id", "in", companies.ids), ("type", "=", "sale")], ["company_id"], ["id:recordset"]
        )
        for company, found in groups:
            journals[company] = found.sorted(lambda journal: (journal.sequence, journal.id))[:1]
        for company in companies - self.env["res.company"].union(*journals):
            raise UserError(
                self.env._(
                    "Invoicing is not set up for %(company)s: create a sales journal first.", company=company.name
                )
            )
        return journals

    def _prepare_invoice_vals(self, share, journal):
        """Return the values of one draft invoice of the acts; nothing of the chart goes into it.

        :param str share: ``PATIENT`` or ``PAYER``.
        :param journal: ``account.journal`` of the company of the acts.
        """
        first = self[:1]
        return {
            "move_type": "out_invoice",
            "journal_id": journal.id,
            "partner_id": first._get_invoice_partner(share).id,
            "currency_id": first.currency_id.id,
            "invoice_origin": ", ".join(filter(None, dict.fromkeys(self.consultation_id.mapped("name")))) or False,
            "medical_patient_id": first.patient_id.id,
            "medical_coverage_id": first.coverage_id.id if share == PAYER else False,
        }

    def _prepare_invoice_line_vals(self, share, **values):
        """Return the values of the invoice line of one act; the taxes are those of the product, by fiscal position.

        :param str share: ``PATIENT`` or ``PAYER``.
        """
        self.ensure_one()
        is_whole = self._get_shares() == {share}
        amount = self.payer_share if share == PAYER else self.patient_share
        return {
            "product_id": self.product_id.id,
            "name": self._get_invoice_line_label(share, is_whole),
            "quantity": self.quantity if is_whole else 1.0,
            "price_unit": self.price_unit if is_whole else amount,
            "medical_act_ids": [Command.set(self.ids)],
            **values,
        }

    def _get_invoice_line_label(self, share, is_whole):
        """Return the neutral label of the line, in the language of whoever gets the invoice."""
        self.ensure_one()
        partner = self._get_invoice_partner(share)
        product = self.product_id.with_context(lang=partner.lang or self.env.lang)
        label = product._get_invoice_label(partner.lang)
        if is_whole:
            return label
        if share == PAYER:
            return product.env._("%(label)s (share of the payer)", label=label)
        return product.env._("%(label)s (share of the patient)", label=label)

    def _get_invoices_action(self, invoices):
        """Lead billing to the invoices, and tell everybody else what was made."""
        if self.env["account.move"].has_access("read"):
            return invoices._get_medical_invoices_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Ready for billing"),
                "message": self._get_invoices_message(invoices),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_invoices_message(self, invoices):
        lines = [
            self.env._(
                "%(partner)s: %(amount)s",
                partner=invoice.partner_id.name,
                amount=invoice.currency_id.format(invoice.amount_total),
            )
            for invoice in invoices
        ]
        return self.env._("Draft invoice for %(invoices)s", invoices=", ".join(lines))
