# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the columns of an insurer's portfolio mean, proposed from their headings.

The exact headings of CofaNet, Allianz Trade and Atrium exports are not public: the
words below are the usual ones of a "portefeuille de garanties" [G], and a person
confirms every proposal once, after which it is kept for the policy.
"""

import unicodedata

# Field -> words above its column, without accents and capitals. A bare "amount" is
# left out on purpose: it may be what was asked, and that is never taken as granted.
WORDS = {
    "policy_number": "police|n police|numero de police|contrat|n contrat|policy"
    "|policy number|policy no|contract number|policy id",
    "buyer_id": "easy|easy number|n easy|numero easy|identifiant easy|eh id|id eh"
    "|n acheteur|numero acheteur|identifiant acheteur|buyer id|buyer number|n atradius"
    "|numero atradius|identifiant assureur|insurer id|n debiteur|debtor id|company id",
    "national_id": "siren|n siren|siret|n siret|identifiant national|national id"
    "|national identifier|registration number|immatriculation|numero d immatriculation"
    "|identifiant legal|legal identifier",
    "vat": "tva|n tva|numero de tva|tva intracommunautaire|vat|vat number|tax id",
    "own_reference": "reference client|ref client|votre reference|code client"
    "|customer reference|customer ref|your reference|own reference|buyer reference",
    "name": "raison sociale|nom|nom acheteur|denomination|acheteur|debiteur|client"
    "|name|company name|buyer name|buyer|debtor",
    "country": "pays|code pays|country|country code",
    "currency": "devise|monnaie|currency|currency code",
    "amount_requested": "montant demande|demande|garantie demandee|requested amount"
    "|amount requested|requested|encours demande",
    "date_requested": "date demande|date de demande|request date|application date",
    "amount": "montant accorde|accorde|montant garanti|garantie accordee|agrement"
    "|montant agrement|limite accordee|limite de credit|montant de la garantie"
    "|granted amount|amount granted|granted|agreed amount|approved amount"
    "|credit limit|limit amount|decision amount",
    "layer": "type de garantie|type garantie|nature de la garantie|cover type"
    "|type of cover|limit type|product|produit",
    "external_id": "n garantie|numero de garantie|reference garantie|cover id|cover number"
    "|decision id|n decision|reference decision",
    "decided_at": "date decision|date de decision|date de la decision|decision date"
    "|date of decision",
    "effective_from": "date d effet|date effet|date de debut|effective date|effective from"
    "|start date|valid from|debut",
    "expires_on": "date de fin|date fin|date d expiration|date expiration|echeance"
    "|expiry date|end date|valid until|expires|fin|fin de validite",
    "insured_percent": "quotite|quotite garantie|pourcentage garanti|insured percentage"
    "|insured percent|cover percentage|percentage",
    "max_terms_days": "duree max|duree maximale|duree maximale de credit|duree du credit"
    "|max terms|maximum terms|payment terms|credit terms|delai max",
    "outcome": "statut|etat|decision|status|cover status|decision status|code decision"
    "|decision code",
    "reasons": "motif|motifs|reason|reasons|code motif|reason code",
    "conditions": "condition|conditions|conditions particulieres|special conditions",
    "grade": "note|grade|dra|rating|buyer rating|cotation",
    "grade_date": "date note|date de la note|date grade|grade date|rating date",
    "topup_amount": "cap|montant cap|complement|montant complement|top up|topup"
    "|top up amount",
    "topup_to": "fin cap|date fin cap|fin complement|top up end|top up expiry",
    "temporary_amount": "temporaire|montant temporaire|garantie temporaire"
    "|temporary amount|temporary",
    "temporary_from": "debut temporaire|date debut temporaire|temporary start"
    "|temporary from",
    "temporary_to": "fin temporaire|date fin temporaire|temporary end|temporary until",
}
FIELDS = tuple(WORDS)
BY_WORD = {word: field for field, words in WORDS.items() for word in words.split("|")}
# Without one of these a row names nobody; a name alone only proposes.
KEYS = ("buyer_id", "national_id", "vat", "own_reference", "name")


def plain(words):
    """Lower case, no accents, single spaces: how headings are compared."""
    decomposed = unicodedata.normalize("NFKD", str(words))
    letters = decomposed.replace("°", " ").encode("ascii", "ignore").decode().lower()
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def propose(header):
    """Propose what each column means.

    :param list header: the cells of the first row
    :return: dict, index of a column -> field; columns that nobody knows are left out,
        as are those of which two would mean the same
    """
    found = {}
    for index, cell in enumerate(header):
        if field := BY_WORD.get(_heading(cell)):
            found.setdefault(field, []).append(index)
    return {places[0]: field for field, places in found.items() if len(places) == 1}


def _heading(cell):
    """A heading as the words know it: "N° de police" and "No police" are "n police"."""
    words = plain(cell or "").split()
    if words and words[0] in ("no", "num", "nr", "ndeg"):
        words[0] = "n"
    if words[:2] == ["n", "de"]:
        del words[1]
    return " ".join(words)


def missing(fields):
    """What a portfolio cannot do without and these fields lack.

    :param fields: iterable of field names
    :return: tuple of "buyer" (nothing names the buyer) and "amount"
    """
    fields = set(fields)
    lacks = []
    if not fields.intersection(KEYS):
        lacks.append("buyer")
    if not fields & {"amount", "topup_amount", "temporary_amount"}:
        lacks.append("amount")
    return tuple(lacks)
