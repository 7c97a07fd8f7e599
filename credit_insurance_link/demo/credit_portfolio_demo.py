# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from datetime import timedelta

from odoo import api, models

HEADINGS = (
    "N° acheteur;SIREN;Raison sociale;N° garantie;Montant accordé;Statut;"
    "Type de garantie"
)
# What the insurer's portal showed a month ago: everything that is in force, as it is.
LAST_MONTH = """\
B-1001;999100100;ARDOISE BUREAUTIQUE;C-1001;50 000,00;Accord;Dénommé
B-1002;999100878;BASSIN ELECTRONIQUE;C-1002;12 000,00;Accord;Dénommé
B-1003;999101660;CORNICHE SYSTEMES;C-1003;45 000,00;Accord;Dénommé
B-1004;999102437;LES DUNES INFORMATIQUE;C-1004;8 000,00;Accord;Dénommé
B-1005;999103229;ESTUAIRE RESEAUX;C-1005;20 000,00;Accord;Dénommé
B-1006;999104011;FALAISE MULTIMEDIA;C-1006;10 000,00;Accord;Dénommé
B-1007;999104789;GARRIGUE SERVICES;C-1007;15 000,00;Accord;Dénommé
B-1008;999105570;LES HALLES NUMERIQUES;C-1008;40 000,00;Accord;Dénommé
B-1009;999106347;ILE OUEST MATERIEL;C-1009;25 000,00;Accord;Dénommé
B-1010;999107139;JONQUILLE CONSEIL;C-1010;5 000,00;Accord;Dénommé
B-1011;999107923;KARST EQUIPEMENT;C-1011;0,00;Refus;Dénommé"""
# And today: a cut, a new cover, one that is gone, and rows that a person has to look at.
TODAY = """\
B-1001;999100100;ARDOISE BUREAUTIQUE;C-1001;50 000,00;Accord;Dénommé
B-1002;999100878;BASSIN ELECTRONIQUE;C-1002;15 000,00;Accord;Dénommé
B-1003;999101660;CORNICHE SYSTEMES;C-1003;20 000,00;Réduction;Dénommé
B-1005;999103229;ESTUAIRE RESEAUX;C-1005;20 000,00;Accord;Dénommé
B-1006;999104011;FALAISE MULTIMEDIA;C-1006;10 000,00;Accord;Dénommé
B-1007;999104789;GARRIGUE SERVICES;C-1007;15 000,00;Accord;Dénommé
B-1008;999105570;LES HALLES NUMERIQUES;C-1008;40 000,00;Accord;Dénommé
B-1009;999106347;ILE OUEST MATERIEL;C-1009;25 000,00;Accord;Dénommé
B-1010;999107139;JONQUILLE CONSEIL;C-1010;5 000,00;Accord;Dénommé
B-1011;999107923;KARST EQUIPEMENT;C-1011;0,00;Refus;Dénommé
B-1012;999108707;LAGUNE DISTRIBUTION;C-1012;18 000,00;Accord;Dénommé
B-1013;999108716;MENHIR INFORMATIQUE;C-1013;9 000,00;Accord;Dénommé
B-1014;;ATELIER DU PORT;C-1014;4.500;À revoir;Dénommé"""
DAYS_AGO = 30


class CreditCoverDemo(models.AbstractModel):
    """Portfolios as the insurer's portal exports them."""

    _inherit = "credit.cover.demo"

    @api.model
    def _import(self, policy_id):
        """A portfolio that was applied a month ago, and one that waits for review."""
        policy = self.env["credit.insurance.policy"].browse(policy_id)
        self._read_portfolio(policy, LAST_MONTH, DAYS_AGO).action_apply()
        self._read_portfolio(policy, TODAY, 0)

    def _read_portfolio(self, policy, rows, days):
        day = policy.company_id._credit_today() - timedelta(days=days)
        content = "\r\n".join([HEADINGS, *rows.splitlines()])
        analyst = self.env.ref("credit_control.res_users_analyst_demo")
        imports = self.env["credit.insurance.import"].with_user(analyst)
        portfolio = imports.create(
            {
                "policy_id": policy.id,
                "file": base64.b64encode(content.encode("cp1252")),
                "file_name": f"portefeuille-{day}.csv",
                "snapshot_date": day,
            }
        )
        portfolio.action_preview()
        portfolio.mapping_id.name = "Portefeuille Boréal"
        return portfolio
