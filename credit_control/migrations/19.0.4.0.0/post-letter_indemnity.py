# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Letters said 40 euros whatever the company claims for each invoice paid late."""

WORDS = {
    "a fixed indemnity of 40 euros for each invoice": (
        "a fixed indemnity of {indemnity} for each invoice"
    ),
    "une indemnité forfaitaire de 40 euros par facture": (
        "une indemnité forfaitaire de {indemnity} par facture"
    ),
}


def migrate(cr, version):
    for former, words in WORDS.items():
        cr.execute(
            """UPDATE credit_dunning_level
            SET letter_body = replace(letter_body::text, %s, %s)::jsonb
            WHERE strpos(letter_body::text, %s) > 0""",
            [former, words, former],
        )
