# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError

ANALYST = "credit_control.credit_control_group_analyst"
MANAGER = "credit_control.credit_control_group_manager"


class CreditInsuranceFiles(models.AbstractModel):
    """A record that keeps the files which people add to it."""

    _name = "credit.insurance.files"
    _description = "Record That Keeps Files"

    def _adopt(self, files):
        """Let files belong to this record, so that colleagues can open them too.

        :param files: ``ir.attachment`` that the user uploaded just now
        """
        self.ensure_one()
        # sudo: only his own uploads that belong to nothing yet.
        mine = files.sudo().filtered(
            lambda file: not file.res_id and file.create_uid == self.env.user
        )
        mine.write({"res_model": self._name, "res_id": self.id})


class CreditInsuranceStep(models.AbstractModel):
    """A record whose state only its buttons change, and which stays once it left us.

    Consumers declare the fields that nobody types, those that are fixed later, and until
    when they may be changed.
    """

    _name = "credit.insurance.step"
    _description = "Record That Goes Step by Step"
    _inherit = ["credit.insurance.files", "mail.thread", "mail.activity.mixin"]

    _button_fields = frozenset({"state"})
    _fixed_fields = frozenset()
    _open_states = ("draft",)

    @api.model_create_multi
    def create(self, vals_list):
        typed = self._button_fields
        if not self.env.su and any(map(typed.intersection, vals_list)):
            raise AccessError(self.env._("This starts with its first step."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if self._button_fields.intersection(vals):
                raise AccessError(self.env._("Use the buttons: they check and record."))
            if self._fixed_fields.intersection(vals) and not self._is_open():
                raise UserError(self.env._("What was told to others stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        if not self._is_open():
            raise UserError(self.env._("What was told to others stays on record."))

    def _is_open(self):
        return all(record.state in self._open_states for record in self)

    def _check_step(self, *states, group=ANALYST):
        """Let only this group go on from these states.

        :raise AccessError: for others
        :raise UserError: in another state
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(self.env._("Only the credit team does this."))
        if self.state not in states:
            raise UserError(self.env._("This cannot be done in this state."))

    def _step(self, *states, group=ANALYST, **values):
        """Check the step and write what it changes.

        :return: bool, True
        """
        self._check_step(*states, group=group)
        # sudo: these fields are written by steps only, checked above.
        self.sudo().write(values)
        return True

    def _download(self, name, content):
        """Hand a file out; it stays with its record, one about several with who made it.

        :param str name: of the file
        :param bytes content: of the file
        :return: dict, an action
        """
        values = {"name": name, "raw": content}
        if len(self) == 1:
            values |= {"res_model": self._name, "res_id": self.id}
        # sudo: the file is attached to a record that the user may read.
        file = self.env["ir.attachment"].sudo().create(values)
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{file.id}?download=true",
        }


class CreditInsurancePart(models.AbstractModel):
    """A row of such a record: it stays as it is once the whole left us."""

    _name = "credit.insurance.part"
    _description = "Part of a Record That Goes Step by Step"

    _whole = None

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_open()
        return parts

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        self._check_open()

    def _check_open(self):
        if not self.env.su and not self[self._whole]._is_open():
            raise UserError(self.env._("What was told to others stays as it is."))
