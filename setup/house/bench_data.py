# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The databases of the benchmark: one populated company, three ways to guard it.

Odoo's own ``populate`` multiplies the demonstration data. ``bench_fill`` then
closes nine of ten documents, as time does in a real company, and adds the
debtors and quotations that are measured. Native Odoo is that database; the
other two are copies of it on which the add-ons were installed.
"""

from dataclasses import dataclass

from . import content, databases, paths, source, templates
from .shell import digest, is_stamped, only_one, run, stamp, unstamp
from .speech import Stop, step
from .venv import PYTHON

REQUIREMENTS = paths.SETUP / "bench_requirements.txt"
OCA = paths.HOME / "oca"
BASE = templates.Recipe(
    "bench",
    ("account", "contacts", "l10n_fr_account", "sale_management", "sale_stock"),
    (),
    ("--with-demo",),
)
MODELS = ("res.partner", "account.move", "account.payment", "sale.order")
SIDES = ("native", "oca", "ours")
KEPT = 2


@dataclass(frozen=True)
class Size:
    """How large the company is.

    :param tuple factors: for ``populate``, in the order of ``MODELS``
    :param int open: open invoices of the debtor with many open items
    :param int history: closed invoices of the debtor with a long history
    """

    name: str
    factors: tuple
    open: int
    history: int


FULL = Size("full", (100, 2600, 2600, 1560), 1000, 15000)
QUICK = Size("quick", (20, 200, 200, 100), 60, 600)


def oca():
    """Fetch the pinned OCA add-ons into a folder of their own.

    :return: Path, the folder to put on the addons path
    """
    key = digest(REQUIREMENTS.read_bytes())
    folder = OCA / "odoo/addons"
    if not (folder.exists() and is_stamped("oca", key)):
        unstamp("oca")
        with step("OCA's risk and credit control modules"):
            options = ["--no-deps", "--upgrade", "--target", OCA, "-r", REQUIREMENTS]
            run(
                [PYTHON, "-m", "pip", "install", *options],
                log=paths.LOGS / "pip_oca.log",
                remedy="the whole output is in .odoo/logs/pip_oca.log",
            )
        stamp("oca", key)
    return folder


def addons_path(house):
    """Return the option that makes Odoo see the OCA add-ons as well."""
    folders = (*house.odoo.addons, oca(), paths.ROOT)
    return "--addons-path=" + ",".join(map(str, folders))


def play(house, name, call):
    """Run a function of ``bench_fill`` in the Odoo shell of a database."""
    script = (
        f"import sys; sys.path.insert(0, {str(paths.SETUP)!r})\n"
        f"from house import bench_fill\nbench_fill.{call}\nenv.cr.commit()\n"
    )
    log = paths.LOGS / f"{name}.log"
    options = ["-d", name, "--no-http", "--logfile", log, addons_path(house)]
    command = house.command("shell", *options, "--shell-interface=python")
    if databases.call(house, command, script, log):
        raise Stop(f"{call} failed:\n{databases.last_words(log)}")


def build(house, name, title, origin, *steps):
    """Make a template: under its final name it is complete, or it does not exist."""
    with only_one("bench-" + name):
        if databases.exists(house, name):
            return name
        draft = f"draft_{name}"
        with step(title):
            databases.copy(house, origin, draft)
            try:
                for one in steps:
                    one(draft)
                house.server.query("VACUUM ANALYZE", draft)
            except BaseException:
                databases.drop(house, draft)
                raise
            databases.rename(house, draft, name)
    tidy(house, name)
    return name


def tidy(house, name):
    """Drop the templates that the new one replaces."""
    prefix = name.rpartition("_")[0] + "_"
    for old in databases.oldest(house, prefix)[:-KEPT]:
        databases.drop(house, old)


def populate(house, size):
    """Return a step that multiplies the documents of a database."""

    def one(name):
        factors = ",".join(map(str, size.factors))
        options = ["--models", ",".join(MODELS), "--factors", factors]
        log = paths.LOGS / f"populate_{size.name}.log"
        options += ["-d", name, "--logfile", log]
        if databases.call(house, house.command("populate", *options), "", log):
            raise Stop(f"populate failed:\n{databases.last_words(log)}")

    return one


def install(house, *names):
    """Return a step that installs add-ons."""

    def one(name):
        log = paths.LOGS / f"{name}.log"
        log.unlink(missing_ok=True)
        options = ["-i", ",".join(names), addons_path(house)]
        if databases.odoo(house, name, *options, log=log):
            raise Stop(f"installation failed:\n{databases.last_words(log)}")

    return one


def shell(house, call):
    """Return a step that runs a function of ``bench_fill``."""
    return lambda name: play(house, name, call)


def native(house, size):
    """Return the populated database without any credit add-on."""
    fill = (paths.SETUP / "house/bench_fill.py").read_bytes()
    key = digest(source.key(house.odoo), BASE, MODELS, size, fill)
    return build(
        house,
        f"bench1_{size.name}_{key}",
        f"populated database ({size.name})",
        templates.base(house, BASE),
        shell(house, "seed(env)"),
        populate(house, size),
        shell(house, f"fill(env, {size.open}, {size.history})"),
    )


def sides(house, size):
    """Return the three databases to compare, by name of the side."""
    base = native(house, size)
    own = content.fingerprint(content.ours(["credit_control"]))
    key = digest(base, REQUIREMENTS.read_bytes())
    risk = build(
        house,
        f"bench2_oca_{size.name}_{key}",
        f"copy with OCA's modules ({size.name})",
        base,
        install(house, "sale_financial_risk", "account_credit_control"),
        shell(house, "limit_oca(env)"),
    )
    ours = build(
        house,
        f"bench2_ours_{size.name}_{digest(base, own)}",
        f"copy with credit_control ({size.name})",
        base,
        install(house, "credit_control"),
        shell(house, "limit_ours(env)"),
    )
    return dict(zip(SIDES, (base, risk, ours), strict=True))
