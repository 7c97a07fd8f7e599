# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the words of a BODACC judgment mean.

``famille`` and ``nature`` are free text in practice [G]: the rules below look for the
words that the law uses (C. com. livre VI). What they do not know is "other", for a
person to read; it is never taken for nothing.
"""

import unicodedata

PROCEDURES = (
    ("liquidation judiciaire", "liquidation"),
    ("redressement judiciaire", "receivership"),
    ("sauvegarde", "safeguard"),
)


def plain(text):
    """Lower case without accents, typographic apostrophes as plain ones."""
    text = unicodedata.normalize("NFKD", str(text or "").replace("’", "'"))
    return " ".join(text.encode("ascii", "ignore").decode().lower().split())


def classify(family, judgment):
    """The kind of event that a notice tells of.

    :param str family: familleavis, validated by the caller
    :param dict judgment: the parsed field ``jugement``
    :return: one of facts.EVENT_KINDS
    """
    simple = {
        "conciliation": "conciliation",
        "radiation": "deregistration",
        "vente": "sale",
        "retablissement_professionnel": "personal_recovery",
    }
    if family != "collective":
        return simple.get(family, "other")
    return _classify_judgment(judgment)


def _classify_judgment(judgment):
    words = plain(f"{judgment.get('famille')} {judgment.get('nature')}")
    if "cloture" in words:
        return "closure"
    if "conversion" in words:
        return "conversion"
    procedure = next((kind for name, kind in PROCEDURES if name in words), "")
    # The end of a plan by liquidation opens proceedings anew: clocks start again.
    resolution = "resolution" in words and procedure == "liquidation"
    if "plan" in words.split() and not resolution:
        return "plan"
    opens = any(word in words for word in ("ouverture", "ouvrant", "prononc"))
    if procedure and (opens or resolution):
        return procedure
    return "proceedings_other"
