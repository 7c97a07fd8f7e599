# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""./setup/run: a demonstration database and a server to look at it."""

import argparse
import contextlib
import signal
import sys

from . import (
    content,
    databases,
    logs,
    paths,
    postgres,
    recipes,
    server,
    system,
    templates,
    venv,
)
from .provision import provision
from .shell import is_stamped, stamp, unstamp
from .speech import Stop, say, step

DATABASE = "demo"
LOGINS = """
SELECT login FROM res_users
  JOIN ir_model_data ON model = 'res.users' AND res_id = res_users.id
 WHERE active AND (module IN ({own}) OR (module, name) = ('base', 'user_demo'))
 ORDER BY login
"""


def options(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="./setup/run", description="Odoo 19 with credit management, to look at."
    )
    parser.add_argument("--port", type=int, default=8069, help="default: 8069")
    parser.add_argument(
        "--fresh", action="store_true", help="throw the demonstration database away"
    )
    parser.add_argument(
        "--check", action="store_true", help="play the main job without a browser"
    )
    parser.add_argument(
        "--stop", action="store_true", help="stop the private PostgreSQL, if it runs"
    )
    return parser.parse_args(arguments)


def prepare(house, fresh):
    """Make sure that the demonstration database holds the add-ons as they are."""
    recipe = recipes.demo(house)
    key = content.fingerprint(recipe.own)
    if fresh or not databases.exists(house, DATABASE):
        unstamp("demo")
        template = templates.ready(house, recipe)
        with step(f"database {DATABASE}"):
            databases.copy(house, template, DATABASE)
        (paths.HOME / "demo_insurer.json").unlink(missing_ok=True)
        for line in logs.trouble(templates.log_file(template)):
            say(f"  the installation warns: {line}")
    elif not is_stamped("demo", key):
        update(house, recipe.own)
    stamp("demo", key)


def update(house, addons):
    """Bring the add-ons in the demonstration database up to date."""
    log = paths.LOGS / "update.log"
    with step("the add-ons have changed: updating the demonstration database"):
        names = ",".join(addons)
        if databases.odoo(house, DATABASE, "-u", names, "-i", names, log=log):
            raise Stop(
                f"the update failed:\n{databases.last_words(log)}",
                "./setup/run --fresh starts with a new database",
            )


def logins(house):
    """List who can log in besides the administrator; the password is the login."""
    own = ", ".join(f"'{path.name}'" for path in paths.addons()) or "''"
    return house.server.query(LOGINS.format(own=own), DATABASE)


def welcome(house, url, log):
    """Say where to look and what to try."""
    say(f"\nOdoo is at {url}")
    for login in ("admin", *logins(house)):
        say(f"  log in as {login:<24} password {login}")
    say(
        "\nWhat to try:\n"
        "  - Credit > Holds: what is stopped, why, and who may release it\n"
        "  - Sales: open a quotation, see the room left, confirm it\n"
        "  - Contacts: a customer's Credit tab; each figure opens its records\n"
        "  - Credit > Insurance > Requests: send the draft to the demonstration insurer\n"
        "    (a simulator on this machine), and watch its answer arrive in a minute;\n"
        "    Look Now asks at once. Up to 50,000 is granted, up to 200,000 in part\n"
        f"\nThe server logs to {log.relative_to(paths.ROOT)}. Ctrl-C stops it."
    )


@contextlib.contextmanager
def insurer():
    """Run the demonstration insurer beside the server, where its port is free."""
    sys.path.append(str(paths.TESTS))
    from simulators import demo

    if not server.is_free(demo.PORT):
        say(f"  note: port {demo.PORT} is in use; the demonstration insurer is away")
        yield
        return
    with demo.DemoInsurer(paths.HOME / "demo_insurer.json"):
        yield


def serve(house, port):
    """Run the server until it is told to stop."""
    if not server.is_free(port):
        raise Stop(f"port {port} is in use", "choose another one: --port 8070")
    log = paths.LOGS / "run.log"
    with (
        insurer(),
        server.serving(house, DATABASE, log=log, workers=0, port=port) as url,
    ):
        welcome(house, url, log)
        signal.pause()


def check(house):
    """Play the main job on a copy of the demonstration database.

    :return: the exit code of the play
    """
    if not paths.STORY.exists():
        raise Stop("this checkout has no story to play (setup/house/check.py)")
    from . import check as story

    template = templates.ready(house, recipes.demo(house))
    log = paths.LOGS / "check.log"
    with databases.clone(house, template, "check") as database:
        with server.serving(house, database, log=log, workers=2) as url:
            return story.play(url, database, house)


def stop():
    """Stop the private PostgreSQL; the next command starts it again."""
    if venv.PYTHON.exists() and not postgres.is_given():
        postgres.Private().stop()
    return 0


def main(arguments):
    """Provision, then serve or play; return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = options(arguments)
    if chosen.stop:
        return stop()
    house = provision()
    databases.sweep(house)
    if chosen.check:
        return check(house)
    system.want_pdf()
    prepare(house, chosen.fresh)
    return serve(house, chosen.port)
