# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which databases the commands work on."""

from . import content, paths
from .templates import Recipe

FIRST = "credit_control"
LANGUAGES = "--load-language=en_US,fr_FR"
# The shops, deliveries and payment providers that cross-add-on tests play with.
SUITE = {
    "sale_management",
    "sale_stock",
    "sale_purchase",
    "website_sale",
    "delivery",
    "payment_custom",
    "payment_demo",
    "l10n_fr_account",
    "contacts",
}
DEMO = {
    "sale_management",
    "sale_stock",
    "contacts",
    "l10n_fr_account",
    "payment_demo",
}
# The chart of accounts follows the company's country at the moment when
# accounting is installed, so the country comes first.
FRENCH_COMPANY = """
company = env.ref("base.main_company")
company.partner_id.country_id = env.ref("base.fr")
env.ref("base.EUR").active = True
company.currency_id = env.ref("base.EUR")
env.cr.commit()
"""
# Odoo loads the demonstration data of an add-on when its dependencies have
# theirs. Odoo's own would bring an American company and its chart of accounts.
ONLY_OUR_DEMO = """
env.cr.execute("UPDATE ir_module_module SET demo = true WHERE state = 'installed'")
env.cr.commit()
"""


def installable(house):
    """Split our add-ons: those this Odoo can hold, and why it cannot hold others.

    :return: (list of names, dict of the missing add-ons by name)
    """
    names = [path.name for path in paths.addons()]
    lacking = {name: content.missing(house, [name]) for name in names}
    can = [name for name in names if not lacking[name]]
    return can, {name: gone for name, gone in lacking.items() if gone}


def alone(addon):
    """One add-on with what it depends on, nothing else."""
    folder = content.own_addons()[addon]
    own = content.ours([addon])
    base = tuple(sorted(content.foreign([addon])))
    options = ("--skip-auto-install", LANGUAGES)
    # All of ours stand on one of them, so its level one is there already.
    below = alone(FIRST) if addon != FIRST and FIRST in own else None
    if below and below.base == base:
        below = None
    return Recipe(
        f"alone_{addon}",
        base,
        tuple(sorted(own)),
        options,
        beneath=below,
        seen=content.is_seen(folder),
    )


def suite(house):
    """All our add-ons and the test-only ones, in a company that sells online."""
    own = set(installable(house)[0]) | {path.name for path in paths.test_addons()}
    base = SUITE | content.foreign(own)
    return Recipe(
        "suite",
        tuple(sorted(base)),
        tuple(sorted(own)),
        (LANGUAGES,),
        seen=any(content.is_seen(path) for path in paths.test_addons()),
    )


def demo(house):
    """A French wholesaler with demonstration data; no stand-ins for what is missing."""
    own = {name for name in installable(house)[0] if not content.stand_ins([name])}
    base = DEMO | content.foreign(own)
    return Recipe(
        "demo",
        tuple(sorted(base)),
        tuple(sorted(own)),
        (LANGUAGES,),
        ("--with-demo",),
        FRENCH_COMPANY,
        ONLY_OUR_DEMO,
    )
