# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path
from odoo.tools.sql import column_exists


@tagged("post_install", "-at_install")
class TestMigrationDunning(TransactionCase):
    """A level that was typed by hand in version 1 counts as before."""

    def _migrate(self):
        path = file_path("credit_control/migrations/19.0.3.0.0/pre-dunning_level.py")
        spec = spec_from_file_location("pre_dunning_level", path)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.env.cr, "19.0.1.0.0")

    def test_the_level_typed_by_hand_is_kept(self):
        partner = self.env["res.partner"].create({"name": "Late", "is_company": True})
        profile = self.env["credit.profile"].create({"partner_id": partner.id})
        profile.dunning_level_manual = 2
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE credit_profile DROP COLUMN IF EXISTS dunning_level;"
            "ALTER TABLE credit_profile RENAME dunning_level_manual TO dunning_level"
        )
        self._migrate()
        self._migrate()
        self.assertFalse(column_exists(self.env.cr, "credit_profile", "dunning_level"))
        profile.invalidate_recordset()
        self.assertEqual(profile.dunning_level, 2)
