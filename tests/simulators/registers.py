# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The French public registers over loopback: recherche-entreprises, BODACC, Sirene.

Faithful to their traps: the search answers neighbours of a number; BODACC silently
answers nothing for a family it does not have, refuses pages beyond 10,000 rows,
writes a company's number in two ways and both parties of a sale, keeps the judgment as
JSON in a text; Sirene wants its key in a header of its own.
"""

import json
import re

from .base import Answer, Simulator

FAMILIES = {"collective", "conciliation", "radiation", "vente", "dpc", "modification"}
FAMILIES |= {"retablissement_professionnel", "creation", "divers", "immatriculation"}


class RegisterSimulator(Simulator):
    """Companies by SIREN, and the notices about them."""

    key = "loopback-key"

    def __init__(self, port=0):
        super().__init__(port)
        self.companies = {}
        self.notices = []

    def add_company(self, siren, name, state="A", closed=None):
        """Let a company exist."""
        self.companies[siren] = {
            "siren": siren,
            "nom_complet": name,
            "etat_administratif": state,
            "date_creation": "2001-02-03",
            "date_fermeture": closed,
            "nature_juridique": "5710",
            "activite_principale": "46.51Z",
            "tranche_effectif_salarie": "12",
            "siege": {
                "siret": f"{siren}00017",
                "adresse": "1 RUE DES ESSAIS 75001 PARIS",
                "code_postal": "75001",
                "libelle_commune": "PARIS",
            },
        }

    def add_notice(self, *sirens, nature="", day="2026-03-15", **values):
        """Publish a notice; each number is written in both ways."""
        number = len(self.notices) + 1
        registers = [
            text
            for siren in sirens
            for text in (siren, f"{siren[:3]} {siren[3:6]} {siren[6:]}")
        ]
        notice = {
            "id": f"A20260051{number}",
            "dateparution": day,
            "familleavis": "collective",
            "familleavis_lib": "Procédures collectives",
            "typeavis": "annonce",
            "typeavis_lib": "Avis initial",
            "registre": registers,
            "commercant": "PLUME SA",
            "tribunal": "Tribunal de commerce de Paris",
            "jugement": json.dumps(
                {
                    "famille": "Jugement d'ouverture",
                    "nature": nature,
                    "date": "2026-03-10",
                    "complementJugement": "Les créances sont à déclarer au mandataire.",
                },
                ensure_ascii=False,
            ),
            **values,
        }
        self.notices.append(notice)
        return notice["id"]

    def answer(self, request):
        if request.path == "/search":
            return self._search(request.query)
        if request.path.endswith("/annonces-commerciales/records"):
            return self._records(request.query)
        if found := re.fullmatch(r"/siren/(\d{9})", request.path):
            return self._legal_unit(request, found[1])
        return super().answer(request)

    # === RECHERCHE-ENTREPRISES === #

    def _search(self, query):
        words = query.get("q", "")
        if len(words) < 3 or int(query.get("per_page", 10)) > 25:
            return Answer(400, {"erreur": "Veuillez corriger les paramètres."})
        rows = [
            row
            for siren, row in sorted(self.companies.items())
            if siren[:6] == words[:6] or words.lower() in row["nom_complet"].lower()
        ]
        return Answer(200, {"results": rows, "total_results": len(rows), "page": 1})

    # === BODACC === #

    def _records(self, query):
        limit, offset = int(query.get("limit", 10)), int(query.get("offset", 0))
        if limit > 100 or limit + offset > 10_000:
            return Answer(400, {"error_code": "InvalidRESTParameterError"})
        where = query.get("where", "")
        numbers = set(re.findall(r'registre="([^"]*)"', where))
        families = set(re.findall(r'familleavis="([^"]*)"', where)) & FAMILIES
        since = re.search(r'dateparution>="([\d-]+)"', where)
        rows = [
            notice
            for notice in self.notices
            if numbers & set(notice["registre"])
            and notice["familleavis"] in families
            and (not since or notice["dateparution"] >= since[1])
        ]
        rows.sort(key=lambda notice: (notice["dateparution"], notice["id"]))
        page = rows[offset : offset + limit]
        return Answer(200, {"total_count": len(rows), "results": page})

    # === SIRENE === #

    def _legal_unit(self, request, siren):
        if request.headers.get("x-insee-api-key-integration") != self.key:
            return Answer(401, {"message": "Unauthorized"})
        row = self.companies.get(siren)
        if not row:
            return Answer(404, {"header": {"statut": 404, "message": "Aucun élément"}})
        period = {
            "dateFin": None,
            "dateDebut": row["date_fermeture"] or "2020-01-01",
            "etatAdministratifUniteLegale": row["etat_administratif"],
            "denominationUniteLegale": row["nom_complet"],
            "nicSiegeUniteLegale": "00017",
        }
        former = {
            **period,
            "dateFin": "2019-12-31",
            "etatAdministratifUniteLegale": "A",
        }
        unit = {"siren": siren, "dateCreationUniteLegale": row["date_creation"]}
        unit["periodesUniteLegale"] = [former, period]
        return Answer(200, {"header": {"statut": 200}, "uniteLegale": unit})
