# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The kit that opens each form of an add-on empty; other add-ons may import it."""

from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from .common import CreditCommon


class FormsCommon(CreditCommon):
    """What the button *New* shows, before anything was chosen."""

    def _open_new_records(self, module):
        """Open a new record by each menu of an add-on that offers one.

        :return: set of models whose form opened
        """
        opened = set()
        for action in self._get_actions(module):
            model = self.env[action.res_model]
            if action.res_model in opened or not self._offers_new(model):
                continue
            with self.subTest(action.xml_id):
                context = safe_eval(action.context or "{}", {"uid": self.env.uid})
                Form(model.with_context(**context))
            opened.add(action.res_model)
        return opened

    def _get_actions(self, module):
        """The windows that the menus of an add-on open."""
        data = self.env["ir.model.data"].search(
            [("module", "=", module), ("model", "=", "ir.ui.menu")]
        )
        menus = self.env["ir.ui.menu"].browse(data.mapped("res_id"))
        return {
            menu.action: None
            for menu in menus
            if menu.action and menu.action._name == "ir.actions.act_window"
        }

    def _offers_new(self, model):
        form = self.env["ir.ui.view"].search(
            [("model", "=", model._name), ("type", "=", "form")], limit=1
        )
        refused = 'create="0"' in (form.arch_db or "").partition(">")[0]
        return bool(form) and not refused and model.has_access("create")
