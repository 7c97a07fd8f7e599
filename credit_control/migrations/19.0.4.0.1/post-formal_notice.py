# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The formal notice by e-mail named the indemnities of merchants to private persons."""

WORDS = {
    "the claim, the late payment interest with its computation, and the indemnities"
    " that the law provides for.": (
        "the claim and what the law adds to it, with its computation."
    ),
    "la créance, les pénalités de retard avec leur calcul et les indemnités prévues"
    " par la loi.": "la créance et ce que la loi y ajoute, avec son calcul.",
}


def migrate(cr, version):
    for former, words in WORDS.items():
        cr.execute(
            """UPDATE mail_template
            SET body_html = replace(body_html::text, %s, %s)::jsonb
            WHERE model = 'credit.dunning.notice'
            AND strpos(body_html::text, %s) > 0""",
            [former, words, former],
        )
