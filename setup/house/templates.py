# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Template databases: install once, work on clones.

Level one holds Odoo's own add-ons and is kept as long as Odoo stays the same.
Level two adds ours and is made again whenever their content changes; the files
of their tests do not count. Where a browser comes, level two has its asset bundles
ready, without which the first page of each browser test would take a minute.
"""

from dataclasses import dataclass
from functools import partial

from . import content, databases, paths, source
from .shell import digest, only_one
from .speech import Stop, step

KEPT = 2
BUNDLES = """
qweb = env["ir.qweb"]
scripts, styles = qweb._get_bundles_to_pregenarate()
apart = ("qunit", "tests_assets", "web_dark", "web_print", "mail.assets_public")
for bundle in sorted(scripts | styles):
    if not any(word in bundle for word in apart):
        qweb._get_asset_bundle(bundle, css=False).js()
        qweb._get_asset_bundle(bundle, js=False).css()
env.cr.commit()
"""


@dataclass(frozen=True)
class Recipe:
    """What a template holds.

    :param str label: a short word for names of databases and messages
    :param tuple base: Odoo's add-ons, level one
    :param tuple own: this suite's add-ons, level two
    :param tuple options: of the Odoo command line, for both levels
    :param tuple own_options: the same, for level two only
    :param str before: a script to run before Odoo's add-ons come upon base
    :param str after: a script to run when level one is complete
    :param Recipe beneath: one whose level one this one's starts from, with the same
        options; installing what is missing is quicker than installing everything
    :param bool seen: whether a browser opens pages of it
    """

    label: str
    base: tuple
    own: tuple
    options: tuple = ()
    own_options: tuple = ()
    before: str = ""
    after: str = ""
    beneath: "Recipe | None" = None
    seen: bool = True


def log_file(name):
    """Return the log of the installation of a template."""
    return paths.LOGS / f"{name}.log"


def base(house, recipe):
    """Return the level one database of a recipe, made when it is missing."""
    scripts = (recipe.before, recipe.after)
    origin = base(house, recipe.beneath) if recipe.beneath else None
    words = (*recipe.base, *recipe.options, *scripts, *filter(None, [origin]))
    # The filestore belongs to it and lies here, wherever the server is.
    key = digest(paths.DATA, source.key(house.odoo), *words)
    name = f"tpl1_{key}"
    with only_one(name):
        if not databases.exists(house, name):
            with step(f"template of Odoo's own {', '.join(recipe.base)}"):
                _build(house, name, partial(_odoos, house, recipe, name), origin)
    return name


def ready(house, recipe):
    """Return the level two database of a recipe, made when it is missing."""
    if not recipe.own:
        return base(house, recipe)
    first = base(house, recipe)
    key = digest(
        first,
        *recipe.own,
        *recipe.own_options,
        recipe.seen,
        content.fingerprint(content.ours(recipe.own)),
    )
    prefix = f"tpl2_{recipe.label}_"
    name = prefix + key
    with only_one(prefix + "build"):
        if not databases.exists(house, name):
            with step(f"template {recipe.label}: {', '.join(recipe.own)}"):
                _build(house, name, partial(_ours, house, recipe, name), first)
            for old in databases.oldest(house, prefix)[:-KEPT]:
                databases.drop(house, old)
                log_file(old).unlink(missing_ok=True)
                log_file(old).with_suffix(".out").unlink(missing_ok=True)
    return name


def _build(house, name, fill, origin):
    # Under its final name a template is complete, or it does not exist.
    draft = f"draft_{name}"
    if origin:
        databases.copy(house, origin, draft)
    else:
        databases.drop(house, draft)
        databases.create(house, draft)
    try:
        fill(draft)
    except BaseException:
        databases.drop(house, draft)
        raise
    databases.rename(house, draft, name)


def _odoos(house, recipe, name, draft):
    if recipe.before:
        _install(house, draft, ["base"], recipe.options, log_file(name))
        _play(house, draft, recipe.before)
    there = recipe.beneath.base if recipe.beneath else ()
    missing = set(recipe.base).difference(there)
    _install(house, draft, missing, recipe.options, log_file(name))
    if recipe.after:
        _play(house, draft, recipe.after)


def _ours(house, recipe, name, draft):
    options = (*recipe.options, *recipe.own_options)
    _install(house, draft, recipe.own, options, log_file(name))
    if recipe.seen:
        _play(house, draft, BUNDLES)


def _install(house, name, addons, options, log):
    log.unlink(missing_ok=True)
    arguments = ["-i", ",".join(sorted(addons)), *options]
    code = databases.odoo(house, name, *arguments, log=log)
    trouble = databases.last_words(log) if code else ""
    if code or "Failed to initialize database" in log.read_text(errors="replace"):
        raise Stop(f"installing {', '.join(sorted(addons))} failed:\n{trouble}")


def _play(house, name, script):
    log = paths.LOGS / f"script_{name}.log"
    log.unlink(missing_ok=True)
    if databases.shell(house, name, script, log=log):
        raise Stop(f"a script failed in {name}:\n{databases.last_words(log)}")
    log.unlink(missing_ok=True)
    log.with_suffix(".out").unlink(missing_ok=True)
