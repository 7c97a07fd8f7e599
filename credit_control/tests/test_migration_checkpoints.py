# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import importlib.util
from pathlib import Path

from odoo import Command
from odoo.tests import tagged

from .common import CreditCommon

SCRIPT = Path(__file__).parents[1] / "migrations/19.0.2.0.0/post-checkpoints.py"


@tagged("post_install", "-at_install")
class TestMigrationCheckpoints(CreditCommon):
    """A running company's rules keep to orders; deliveries and invoices go on."""

    def test_rules_without_steps_keep_to_orders(self):
        rule = self.policy.rule_ids
        rule.write({"checkpoint_ids": [Command.clear()], "active": False})
        chosen = rule.copy(
            {
                "checkpoint_ids": [
                    Command.set(
                        self.env.ref("credit_control.credit_checkpoint_invoice").ids
                    )
                ]
            }
        )
        spec = importlib.util.spec_from_file_location("post_checkpoints", SCRIPT)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        codes = rule.checkpoint_ids.mapped("code")
        self.assertEqual(set(codes), {"confirmation", "change"})
        self.assertEqual(chosen.checkpoint_ids.mapped("code"), ["invoice"])
