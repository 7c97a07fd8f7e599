# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The words of insurers' files for outcomes and layers, as a starting point [G].

A word that is not known is "unknown": it is reported and grants nothing (P12). What
people add per mapping comes first.
"""

OUTCOMES = {
    "granted": "accord|accorde|accordee|accord total|agree|agreement|granted|approved"
    "|fully approved|agreed|en vigueur|active|actif|acceptee|accepte|dc01",
    "granted_conditional": "accord avec conditions|accord conditionnel|conditional"
    "|approved with conditions|dc02",
    "partial": "accord partiel|partiel|partial|partially approved|partly approved|dc04",
    "refused": "refus|refuse|refusee|refused|declined|not approved|dc03",
    "reduced": "reduction|reduit|reduite|reduced|dc09",
    "cancelled": "resilie|resiliee|resiliation|annule|annulee|annulation|cancelled"
    "|canceled|withdrawn|retire|retiree|dc08",
    "expired": "expire|expiree|echu|expired|lapsed",
    "referred": "en cours|en etude|a l etude|en attente|pending|in progress|referred",
    "maintained": "maintenu|maintenue|maintien|maintained|unchanged",
}
LAYERS = {
    "primary": "denomme|garantie denommee|permanente|permanent|primary|principale"
    "|credit limit|limite de credit|agrement",
    "topup": "cap|cap plus|complement|top up|topup",
    "temporary": "temporaire|temporary|garantie temporaire",
    "discretionary": "non denomme|non denommee|discretionary|libre approbation|dcl",
    "credit_check": "credit check|express|start cover|limite express",
    "grade_cover": "grade cover|grade",
}


def table(words):
    """Turn words by meaning into meanings by word.

    :param dict words: meaning -> words, separated by "|"
    """
    return {word: code for code, row in words.items() for word in row.split("|")}
