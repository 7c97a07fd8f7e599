# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lines of an onboarding run were known by their origin, in English; now by a date."""


def migrate(cr, version):
    cr.execute(
        """UPDATE credit_line SET date_onboarded = right(origin, 10)::date
        WHERE date_onboarded IS NULL
        AND origin ~ '^Onboarding [0-9]{4}-[0-9]{2}-[0-9]{2}$'"""
    )
