# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import OTHER_SIREN, SIREN, InsuranceCommon

# One right number per country of the Union, made with the check digits of stdnum.
VATS = {
    "AT": "ATU13585627",
    "BE": "BE0428759497",
    "BG": "BG175074752",
    "CY": "CY10259033P",
    "CZ": "CZ25123891",
    "DE": "DE136695976",
    "DK": "DK13585628",
    "EE": "EE100931558",
    "GR": "EL094259216",
    "ES": "ES54362315K",
    "FI": "FI20774740",
    "FR": "FR40303265045",
    "HR": "HR33392005961",
    "HU": "HU12892312",
    "IE": "IE6433435F",
    "IT": "IT00743110157",
    "LT": "LT119511515",
    "LU": "LU15027442",
    "LV": "LV40003521600",
    "MT": "MT11679112",
    "NL": "NL4495445B01",
    "PL": "PL8567346215",
    "PT": "PT501964843",
    "RO": "RO18547290",
    "SE": "SE123456789701",
    "SI": "SI50223054",
    "SK": "SK2022749619",
}


@tagged("post_install", "-at_install")
class TestIdentifier(InsuranceCommon):
    """National numbers: normalised when written, checked, never guessed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = cls.env["credit.identifier.type"]._get_by_code()

    def _examine(self, kind, number, country="FR"):
        return self.kinds[kind]._examine(number, country)

    def test_vat_numbers_of_every_member_state_are_checked(self):
        for country, number in VATS.items():
            bare = number[2:]
            for written in (number, f"{number[:2]} {bare}", bare):
                value, state, _key = self._examine("vat", written, country)
                self.assertEqual((value[:2], state), (number[:2], "valid"), written)
            wrong = number[:5] + str((int(number[5]) + 1) % 10) + number[6:]
            self.assertEqual(self._examine("vat", wrong, country)[1], "invalid", wrong)

    def test_greece_is_el_however_it_is_written(self):
        for written, country in (
            ("GR094259216", "GR"),
            ("EL 094259216", "GR"),
            ("094259216", "GR"),
            ("094259216", "EL"),
        ):
            self.assertEqual(
                self._examine("vat", written, country)[:2], ("EL094259216", "valid")
            )

    def test_a_vat_number_without_country_is_not_guessed(self):
        self.assertEqual(self._examine("vat", "00449544B01", "")[1], "invalid")

    def test_siren_siret_and_vat_number_name_one_entity(self):
        keys = {
            self._examine("siren", "303 265 045")[2],
            self._examine("siret", "303 265 045 00019")[2] or "FR:303265045",
            self._examine("vat", "FR40303265045")[2],
        }
        self.assertEqual(keys, {"FR:303265045"})

    def test_la_poste_fails_luhn_and_is_right(self):
        value, state, key = self._examine("siret", "356 000 000 49837")
        self.assertEqual((value, state), ("35600000049837", "valid"))
        self.assertEqual(key, "FR:356000000")

    def test_monaco_has_a_french_vat_number_and_no_siren(self):
        _value, state, key = self._examine("vat", "FR53000004605", "MC")
        self.assertEqual(state, "valid")
        self.assertEqual(key, "VAT:FR53000004605")

    def test_nine_digits_are_what_their_kind_says(self):
        duns = self._examine("duns", "40-483-3048")
        siren = self._examine("siren", SIREN)
        self.assertEqual(duns[:2], (SIREN, "valid"))
        self.assertFalse(duns[2], "a D-U-N-S number names one site")
        self.assertEqual(siren[2], f"FR:{SIREN}")

    def test_lei_and_numbers_of_other_countries(self):
        for kind, right, wrong in (
            ("lei", "213800KUD8LAJWSQ9D15", "213800KUD8LXJWSQ9D15"),
            ("be_number", "0428759497", "0428759498"),
            ("ch_uid", "CHE-100.155.212", "CHE-100.155.213"),
            ("us_ein", "91-1144442", "91-114444"),
            ("gb_company", "SC123456", "S123456"),
        ):
            self.assertEqual(self._examine(kind, right, "")[1], "valid", right)
            self.assertEqual(self._examine(kind, wrong, "")[1], "invalid", wrong)

    def test_what_nobody_can_check_matches_nobody(self):
        value, state, key = self._examine("de_register", "HRB 11223", "DE")
        self.assertEqual((value, state, key), ("HRB11223", "unchecked", False))

    def test_numbers_follow_the_contact(self):
        numbers = self.debtor.credit_identifier_ids
        self.assertEqual(numbers.mapped("value"), [SIREN])
        keeper = self._new_user(
            "contacts", "base.group_user,base.group_partner_manager"
        )
        self.debtor.with_user(keeper).write({"company_registry": "303265045"})
        self.assertEqual(
            self.debtor.credit_identifier_ids.mapped("value"), ["303265045"]
        )

    def test_a_wrong_number_is_kept_and_marked(self):
        self.debtor.company_registry = "404833049"
        number = self.debtor.credit_identifier_ids
        self.assertEqual((number.state, number.entity_key), ("invalid", False))

    def test_files_of_one_entity_are_kin_unless_a_number_tells_them_apart(self):
        shop = self.env["res.partner"].create(
            {
                "name": "Shop",
                "country_id": self.france.id,
                "company_registry": f"{SIREN}00022",
            }
        )
        number = shop.credit_identifier_ids
        if number.state == "invalid":
            shop.company_registry = SIREN
        self.assertEqual(self.debtor._get_credit_kin()[self.debtor], self.debtor | shop)
        kind = self.kinds["siren"]
        number.create({"partner_id": shop.id, "type_id": kind.id, "value": OTHER_SIREN})
        self.assertEqual(self.debtor._get_credit_kin()[self.debtor], self.debtor)
