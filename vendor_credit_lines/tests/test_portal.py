# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestPortal(ProgrammeCommon, HttpCase):
    """A sponsor's contact sees its own programmes, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sponsor.email = "sponsor@example.com"
        cls.rival = cls.env["res.partner"].create(
            {"name": "Hexaprint Test", "is_company": True, "email": "h@example.com"}
        )
        cls.own = cls._new_programme(name="Own programme")
        cls.foreign = cls._new_programme(
            name="Foreign programme", sponsor_id=cls.rival.id
        )
        cls._give_line(1000)
        for programme in (cls.own, cls.foreign):
            cls._give(programme, cls.debtor)
        contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.sponsor.id}
        )
        cls.contact = new_test_user(
            cls.env,
            "sponsor_contact",
            groups="base.group_portal",
            partner_id=contact.id,
        )

    def _sent(self, programme):
        statements = self.env["credit.programme.statement"].sudo()
        statement = statements._make(programme.sudo(), self._today(-30), self._today())
        statement._send()
        self.env.flush_all()
        return statement

    def test_own_programmes_and_nothing_else(self):
        self.authenticate("sponsor_contact", "sponsor_contact")
        text = self.url_open("/my/credit-programmes").text
        self.assertIn("Own programme", text)
        self.assertNotIn("Foreign programme", text)

    def test_own_statements_and_no_others(self):
        own, foreign = self._sent(self.own), self._sent(self.foreign)
        self.authenticate("sponsor_contact", "sponsor_contact")
        url = "/my/credit-programmes/statement/%s"
        self.assertEqual(self.url_open(url % own.id).status_code, 200)
        self.assertEqual(self.url_open(url % foreign.id).status_code, 404)
        self.assertEqual(self.url_open(f"{url % foreign.id}?kind=pdf").status_code, 404)
        own.sudo().sent_on = False
        self.env.flush_all()
        self.assertEqual(self.url_open(url % own.id).status_code, 404)

    def _claimed(self, programme):
        grant = self._grants(programme)
        claim = (
            self.env["credit.programme.claim"]
            .with_user(self.analyst)
            .create({"grant_id": grant.id, "amount": 321.09})
        )
        return claim

    def test_own_claims_once_they_are_sent_and_no_others(self):
        own, foreign = self._claimed(self.own), self._claimed(self.foreign)
        foreign.action_send()
        self.env.flush_all()
        self.authenticate("sponsor_contact", "sponsor_contact")
        page, url = "/my/credit-programmes", "/my/credit-programmes/claim/%s"
        self.assertNotIn("321.09", self.url_open(page).text)
        self.assertEqual(self.url_open(url % own.id).status_code, 404)
        own.action_send()
        self.env.flush_all()
        self.assertEqual(self.url_open(page).text.count("321.09"), 1)
        self.assertEqual(self.url_open(url % own.id).content[:2], b"PK")
        self.assertEqual(self.url_open(url % foreign.id).status_code, 404)

    def test_a_portal_user_reads_no_programme_by_rpc(self):
        for name in ("credit.programme", "credit.grant", "credit.programme.statement"):
            with self.subTest(name):
                model = self.env[name].with_user(self.contact)
                self.assertFalse(model.has_access("read"))
