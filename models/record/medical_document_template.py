from odoo import api, fields, models
from odoo.addons.medical_practice.lib import placeholders
from odoo.exceptions import ValidationError

DOCUMENT_KINDS = [
    ("letter", "Letter"),
    ("certificate", "Certificate"),
    ("result", "Result"),
    ("imaging", "Imaging"),
    ("form", "Form"),
    ("other", "Other"),
]


class MedicalDocumentTemplate(models.Model):
    """The model of a letter or a certificate, with fields of the chart that are filled in without any code.

    A placeholder such as ``{{patient.name}}`` is a key of the list of ``medical.document._get_placeholders``; one that
    is not on it is refused when the template is saved, in every language of it.
    """

    _name = "medical.document.template"
    _description = "Document Template"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    title = fields.Char(translate=True, help="The title on paper; the name of the template where it is empty.")
    kind = fields.Selection(DOCUMENT_KINDS, default="letter", required=True)
    to_whom = fields.Selection(
        [("correspondent", "A correspondent"), ("whom", "To whom it may concern"), ("nobody", "No address")],
        string="Addressed to",
        default="correspondent",
        required=True,
    )
    body = fields.Html(translate=True, sanitize=True, sanitize_attributes=True, sanitize_style=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", "Practice", index="btree_not_null")
    active = fields.Boolean(default=True)
    placeholder_help = fields.Html(compute="_compute_placeholder_help")

    def _compute_placeholder_help(self):
        items = self.env["medical.document"]._get_placeholders()
        self.placeholder_help = self.env["ir.qweb"]._render(
            "medical_practice.document_placeholder_help", {"items": items.items()}
        )

    @api.constrains("body")
    def _check_body(self):
        """Refuse placeholders that no letter could fill, in the language that is written.

        :raises ValidationError: naming each of them, and the nearest that exists.
        """
        known = self.env["medical.document"]._get_placeholders()
        for template in self:
            template._check_placeholders(template.body, known)

    @api.model
    def _check_placeholders(self, body, known):
        try:
            problems = placeholders.problems(body or "", known)
        except ValueError as error:
            raise ValidationError(self.env._("This template is too long.")) from error
        if problems:
            lines = "\n".join(f"• {self._describe_problem(problem)}" for problem in problems)
            raise ValidationError(self.env._("This template cannot be filled in:\n%(lines)s", lines=lines))

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Check a body in whatever language it is written."""
        if field_name == "body":
            known = self.env["medical.document"]._get_placeholders()
            for value in translations.values():
                for term in value.values() if isinstance(value, dict) else [value]:
                    self._check_placeholders(term, known)
        return super().update_field_translations(field_name, translations, source_lang=source_lang)

    @api.model
    def _describe_problem(self, problem):
        """Return the sentence that says what is wrong with a placeholder and what to write instead."""
        if problem.kind == "unknown" and problem.suggestion:
            return self.env._(
                "{{%(key)s}} does not exist: is it {{%(suggestion)s}}?", key=problem.text, suggestion=problem.suggestion
            )
        if problem.kind == "unknown":
            return self.env._("{{%(key)s}} does not exist: take one from the list.", key=problem.text)
        if problem.kind == "in_tag":
            return self.env._(
                "A placeholder stands in a link or a format, not in the text: %(text)s", text=problem.text
            )
        return self.env._(
            "Braces are open or their inside is formatted, type the placeholder again: %(text)s", text=problem.text
        )

    def copy_data(self, default=None):
        """Name the copy so that both are told apart."""
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=template.name)}
            for template, vals in zip(self, super().copy_data(default), strict=True)
        ]
