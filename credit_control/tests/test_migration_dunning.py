# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, file_path
from odoo.tools.sql import column_exists


@tagged("post_install", "-at_install")
class TestMigrationDunning(TransactionCase):
    """What former versions stored counts as before."""

    def _migrate(self, script="19.0.3.0.0/pre-dunning_level.py"):
        path = file_path(f"credit_control/migrations/{script}")
        spec = spec_from_file_location("migration", path)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.env.cr, "19.0.1.0.0")

    def _migrate_text(self, script, record, name, stored):
        """What a text in its languages becomes; a second run changes nothing more."""
        place = {"table": SQL.identifier(record._table), "name": SQL.identifier(name)}
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(name)s = %(stored)s WHERE id = %(id)s",
                **place,
                stored=json.dumps(stored),
                id=record.id,
            )
        )
        for _again in range(2):
            self._migrate(script)
        query = SQL(
            "SELECT %(name)s FROM %(table)s WHERE id = %(id)s", **place, id=record.id
        )
        return self.env.execute_query(query)[0][0]

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

    def test_letters_say_the_indemnity_of_the_company(self):
        level = self.env.ref("credit_control.credit_dunning_level_2")
        stored = {
            "en_US": "<p>A fee, a fixed indemnity of 40 euros for each invoice.</p>",
            "fr_FR": "<p>À 40 euros, une indemnité forfaitaire de 40 euros par facture</p>",
        }
        script = "19.0.4.0.0/post-letter_indemnity.py"
        self.assertEqual(
            self._migrate_text(script, level, "letter_body", stored),
            {
                "en_US": "<p>A fee, a fixed indemnity of {indemnity} for each invoice.</p>",
                "fr_FR": "<p>À 40 euros, une indemnité forfaitaire de {indemnity} par"
                " facture</p>",
            },
        )

    def test_names_of_lines_that_nobody_chose_are_forgotten(self):
        kind = self.env.ref("credit_control.credit_line_kind_own")
        partner = self.env["res.partner"].create({"name": "Named", "is_company": True})
        profile = self.env["credit.profile"].create({"partner_id": partner.id})
        names = ("Own Funds", "Les nôtres", "Autumn", "Guarantee")
        lines = self.env["credit.line"].create(
            [
                {
                    "profile_id": profile.id,
                    "kind_id": kind.id,
                    "name": name,
                    "amount": 1,
                }
                for name in names
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_line_kind SET name = %s WHERE id = %s",
            [json.dumps({"en_US": "Own Funds", "fr_FR": "Les nôtres"}), kind.id],
        )
        self._migrate("19.0.4.0.0/post-line_names.py")
        self.env.invalidate_all()
        self.assertEqual(lines.mapped("name"), [False, False, "Autumn", "Guarantee"])

    def test_french_consumers_are_rid_of_the_rate_that_nobody_owes_a_company(self):
        rates = self.env["credit.interest.rate"]
        values = {"kind": "legal_individual", "date_from": "2026-07-01", "rate": 6.84}
        mine, theirs = rates.create(
            [
                {**values, "country_id": self.env.ref(f"base.{c}").id}
                for c in ("fr", "de")
            ]
        )
        found = self.env.ref("credit_control.credit_interest_rate_fr_2026_2_legal")
        found.write({"rate": 0, "is_missing": True})
        self._migrate("19.0.4.0.1/post-legal_rates.py")
        self.assertEqual((mine | theirs).exists(), theirs)
        self.assertEqual((found.rate, found.is_missing), (2.75, False))
        found.rate = 2.8
        self._migrate("19.0.4.0.1/post-legal_rates.py")
        self.assertEqual(found.rate, 2.8)

    def test_private_persons_are_not_threatened_with_the_indemnities_of_merchants(self):
        template = self.env.ref("credit_control.credit_dunning_mail_formal")
        stored = {
            "en_US": "<p>It states the claim, the late payment interest with its "
            "computation, and the indemnities that the law provides for. Pay.</p>",
            "fr_FR": "<p>Elle expose la créance, les pénalités de retard avec leur calcul "
            "et les indemnités prévues par la loi.</p>",
        }
        script = "19.0.4.0.1/post-formal_notice.py"
        self.assertEqual(
            self._migrate_text(script, template, "body_html", stored),
            {
                "en_US": "<p>It states the claim and what the law adds to it, with its "
                "computation. Pay.</p>",
                "fr_FR": "<p>Elle expose la créance et ce que la loi y ajoute, avec son "
                "calcul.</p>",
            },
        )
