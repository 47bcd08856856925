from odoo import api, models
from odoo.tools.mail import html2plaintext

MODEL = "medical.document"


class MailActivity(models.Model):
    """Tasks on documents of the chart say nothing of it: what people write into them is kept with the document."""

    _name = "mail.activity"
    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        words = [self._take_words(vals) if self._is_on_document(vals) else None for vals in vals_list]
        activities = super().create(vals_list)
        for activity, text in zip(activities, words, strict=True):
            if text:
                activity._keep_words("task", text)
        return activities

    def write(self, vals):
        on_documents = self.sudo().filtered(lambda activity: activity.res_model == MODEL)
        if on_documents and {"note", "summary", "feedback"} & vals.keys():
            vals = dict(vals)
            if text := self._take_words(vals):
                on_documents._keep_words("task", text)
        return super().write(vals)

    def _action_done(self, feedback=False, attachment_ids=None):
        """Keep what was done with the document, not in the messages."""
        on_documents = self.filtered(lambda activity: activity.res_model == MODEL)
        others = self - on_documents
        messages, activities = super(MailActivity, others)._action_done(feedback, attachment_ids)
        if on_documents:
            on_documents._keep_words("task_done", feedback)
            more = super(MailActivity, on_documents)._action_done()
            messages, activities = messages + more[0], activities + more[1]
        return messages, activities

    @api.model
    def _is_on_document(self, vals):
        if model_id := vals.get("res_model_id"):
            return self.env["ir.model"]._get(MODEL).id == model_id
        model = vals.get("res_model") or self.env.context.get("default_res_model")
        return model == MODEL or self.env.context.get("default_res_model_id") == self.env["ir.model"]._get(MODEL).id

    @api.model
    def _take_words(self, vals):
        """Take the free texts out of the values of a task and return them as one."""
        texts = [vals.pop(name, None) for name in ("summary", "note", "feedback")]
        return "\n".join(filter(None, (html2plaintext(str(text)).strip() for text in texts if text)))

    def _keep_words(self, kind, text):
        documents = self.env[MODEL].browse({activity.res_id for activity in self if activity.res_id})
        documents.exists()._log_step(kind, comment=text or None)
