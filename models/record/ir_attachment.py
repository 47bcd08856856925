from odoo import api, models
from odoo.exceptions import AccessError

#: What nobody but the field of the chart itself says of such a file.
GUARDED = {
    "access_token",
    "datas",
    "db_datas",
    "mimetype",
    "name",
    "public",
    "raw",
    "res_field",
    "res_id",
    "res_model",
    "store_fname",
    "type",
    "url",
}


class IrAttachment(models.Model):
    """The files of the chart among all files of the ERP: read through their document, and through nothing else.

    They are never public, have no access token, no telling name, and no copy of their text in the index that searches
    the attachments of everything else.
    """

    _name = "ir.attachment"
    _inherit = "ir.attachment"

    @api.model
    def _get_chart_models(self):
        """Return the models whose files are protected as the chart is."""
        return {"medical.document"}

    def _is_of_chart(self):
        # Which record a file belongs to is a fact, whoever asks.
        models = self._get_chart_models()
        return any(attachment.res_model in models for attachment in self.sudo())

    def _refuse_by_hand(self):
        raise AccessError(
            self.env._("The files of a chart are taken and kept by their document: upload them in the medical inbox.")
        )

    @api.model_create_multi
    def create(self, vals_list):
        models = self._get_chart_models()
        of_chart = [vals for vals in vals_list if vals.get("res_model") in models]
        if of_chart and not self.env.su:
            self._refuse_by_hand()
        for vals in of_chart:
            vals.update({"public": False, "access_token": False, "name": vals.get("res_field") or "document"})
        attachments = super().create(vals_list)
        attachments._forget_chart_texts()
        return attachments

    def write(self, vals):
        moved_in = vals.get("res_model") in self._get_chart_models()
        if (moved_in or (vals.keys() & GUARDED and self._is_of_chart())) and not self.env.su:
            self._refuse_by_hand()
        if (moved_in or self._is_of_chart()) and (vals.get("public") or vals.get("access_token")):
            raise AccessError(self.env._("A file of a chart is neither public nor shared by a link."))
        result = super().write(vals)
        if vals.keys() & {"datas", "raw", "mimetype", "index_content"}:
            self._forget_chart_texts()
        return result

    def unlink(self):
        if not self.env.su and self._is_of_chart():
            self._refuse_by_hand()
        return super().unlink()

    def _forget_chart_texts(self):
        """Take the text of files of the chart out of the index of attachments."""
        models = self._get_chart_models()
        # The index is the system's own, whoever uploads.
        indexed = self.sudo().filtered(lambda file: file.res_model in models and file.index_content)
        if indexed:
            super(IrAttachment, indexed).write({"index_content": False})
