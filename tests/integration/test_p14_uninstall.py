# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P14, leaves no trace: install into a running company, upgrade, work, uninstall."""

import json
from dataclasses import dataclass

import pytest
from house import databases, logs, paths, recipes, templates

# What a database is made of: compared before the installation and after.
SCHEMA = {
    "columns": """SELECT table_name || '.' || column_name || ' ' || data_type
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """SELECT conrelid::regclass || ' ' || conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "functions": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "triggers": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
# Records of Odoo itself that an add-on leaves behind when it is careless.
RECORDS = {
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    # Odoo forgets names that mail and portal gave to parts of any add-on's models.
    "names": """SELECT module || '.' || name FROM ir_model_data d
        WHERE NOT (model = 'ir.model.inherit' AND NOT EXISTS (
            SELECT FROM ir_model_inherit i WHERE i.id = d.res_id))
        AND NOT (model = 'ir.model.fields.selection' AND NOT EXISTS (
            SELECT FROM ir_model_fields_selection f WHERE f.id = d.res_id))
        AND model <> 'ir.module.module'""",  # the add-ons that lie on the disk
    "views": "SELECT name || ' ' || COALESCE(arch_fs, '') FROM ir_ui_view",
    "menus": "SELECT name::text FROM ir_ui_menu",
    "actions": "SELECT type || ' ' || name::text FROM ir_actions",
    "groups": "SELECT name::text FROM res_groups",
    "rules": "SELECT name FROM ir_rule",
    "crons": "SELECT id::text FROM ir_cron",
    "messages": "SELECT model || ',' || res_id FROM mail_message WHERE model LIKE 'credit.%'",
    "parameters": "SELECT key FROM ir_config_parameter",
    "defaults": "SELECT json_value FROM ir_default",
}
# Odoo itself sees to these when any add-on is installed or removed.
NOT_OURS = {"base.registry.signaling", "web.base.url"}

START = """
import json
company = env.company
company.account_use_credit_limit = True
debtor = env["res.partner"].create({"name": "Debtor", "is_company": True})
debtor.credit_limit = 500.0
goods = env["product.product"].create(
    {"name": "Goods", "type": "service", "invoice_policy": "order", "taxes_id": False}
)
def quote(price):
    line = {"product_id": goods.id, "price_unit": price, "tax_ids": False}
    values = {"partner_id": debtor.id, "order_line": [(0, 0, line)]}
    return env["sale.order"].create(values)
confirmed, waiting = quote(400.0), quote(600.0)
confirmed.action_confirm()
env.cr.commit()
answer = {"debtor": debtor.id, "goods": goods.id, "confirmed": confirmed.id}
answer.update(waiting=waiting.id, banner=waiting.partner_credit_warning)
"""
INSTALLED = """
import json
waiting = env["sale.order"].browse({waiting})
debtor = env["res.partner"].browse({debtor})
answer = {{"exposure": debtor.credit_exposure, "managed": debtor.credit_is_managed}}
answer["banner"] = waiting.partner_credit_warning
copy = waiting.copy()
copy.action_confirm()
answer.update(state=copy.state, holds=env["credit.hold"].search_count([]))
env.cr.rollback()
"""
WORK = """
import json
from odoo.addons.credit_control.exceptions import CreditHoldError
debtor = env["res.partner"].browse({debtor})
waiting = env["sale.order"].browse({waiting})
profile = env["credit.profile"]._get_or_create(debtor, env.company)
kind = env.ref("credit_control.credit_line_kind_own")
line = env["credit.line"].create(
    {{"profile_id": profile.id, "kind_id": kind.id, "amount": 450, "state": "active"}}
)
line.message_post(body="A note")
line.activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
env.cr.commit()
try:
    waiting.action_confirm()
except CreditHoldError:
    env.cr.rollback()
small = waiting.copy()
small.order_line.price_unit = 50.0
small.action_confirm()
env.cr.commit()
from datetime import timedelta
today = env.company._credit_today()
due = today - timedelta(days=15)
line = {{"name": "Goods", "price_unit": 90.0, "tax_ids": False}}
values = {{"move_type": "out_invoice", "partner_id": debtor.id}}
values.update(invoice_date=due, invoice_date_due=due, invoice_line_ids=[(0, 0, line)])
invoice = env["account.move"].create(values)
invoice.action_post()
run = env["credit.dunning.run"].create({{"date": today}})
run.action_prepare()
promise = {{"profile_id": profile.id, "amount": 90, "date": today}}
env["credit.promise"].create({{**promise, "move_ids": [(6, 0, invoice.ids)]}})
wizard = env["credit.onboarding"].create({{"mode": "hold", "no_line": "unmanaged"}})
wizard.action_preview()
env.cr.commit()
env.cr.execute("SELECT COUNT(*) FROM credit_reservation")
answer = {{"reservations": env.cr.fetchone()[0], "small": small.state}}
answer["holds"] = env["credit.hold"].search_count([])
answer["decisions"] = env["credit.decision"].search_count([])
answer["dunned"] = len(run.notice_ids) + len(run.skip_ids)
small._action_cancel()
invoice.button_draft()
invoice.unlink()
env.cr.commit()
"""
UNINSTALL = """
import json
env["ir.module.module"].search([("name", "=", "credit_control")]).button_immediate_uninstall()
answer = {{}}
"""
NATIVE = """
import json
waiting = env["sale.order"].browse({waiting})
answer = {{"banner": waiting.partner_credit_warning}}
waiting.action_confirm()
answer.update(state=waiting.state, fields=[n for n in waiting._fields if "credit_" in n])
answer["limit"] = waiting.partner_id.credit_limit
"""


@dataclass
class Company:
    """A database in which a company works, and what it looked like at first."""

    house: object
    database: str
    facts: dict
    before: dict

    def play(self, script):
        return play(self.house, self.database, script.format(**self.facts))

    def run(self, *arguments):
        """Run the Odoo command line.

        :return: the warnings and errors of its log
        """
        log = new_log(self.database)
        code = databases.odoo(self.house, self.database, *arguments, log=log)
        assert code == 0, databases.last_words(log)
        return logs.trouble(log)

    def look(self):
        return look(self.house, self.database)


def new_log(database):
    log = paths.LOGS / f"integration_p14_{database}.log"
    log.unlink(missing_ok=True)
    return log


def play(house, database, script):
    """Run a script in the Odoo shell and return its ``answer``."""
    log = new_log(database)
    end = 'print("ANSWER " + json.dumps(answer))\n'
    code = databases.shell(house, database, script + end, log=log)
    lines = log.with_suffix(".out").read_text().splitlines()
    found = [line for line in lines if line.startswith("ANSWER ")]
    assert not code and found, databases.last_words(log)
    return json.loads(found[-1].removeprefix("ANSWER "))


def look(house, database):
    return {
        name: sorted(house.server.query(query, database))
        for name, query in {**SCHEMA, **RECORDS}.items()
    }


@pytest.fixture(scope="module")
def company(house):
    """A company without our add-on that has sold already."""
    template = templates.base(house, recipes.alone("credit_control"))
    with databases.clone(house, template, "p14") as database:
        facts = play(house, database, START)
        yield Company(house, database, facts, look(house, database))


@pytest.fixture(scope="module")
def installed(company):
    """Our add-on comes in; what it logged is kept."""
    company.trouble = company.run("-i", "credit_control", "--skip-auto-install")
    return company


@pytest.fixture(scope="module")
def worked(installed):
    """The company works with it: lines, holds, decisions, reservations, follow-ups."""
    installed.work = installed.play(WORK)
    return installed


@pytest.fixture(scope="module")
def upgraded(worked):
    worked.upgrade_trouble = worked.run("-u", "credit_control")
    return worked


@pytest.fixture(scope="module")
def removed(upgraded):
    upgraded.play(UNINSTALL)
    return upgraded


def test_installing_stops_nothing_and_counts_open_orders(installed):
    assert installed.trouble == []
    answer = installed.play(INSTALLED)
    assert answer["exposure"] == 400.0 and answer["managed"] is False
    assert answer["state"] == "sale" and answer["holds"] == 0
    assert answer["banner"] == installed.facts["banner"] != ""


def test_the_company_worked_with_it(worked):
    assert worked.work["small"] == "sale"
    assert worked.work["holds"] == 1
    assert worked.work["decisions"] == 2
    assert worked.work["reservations"] >= 1
    assert worked.work["dunned"] >= 1


def test_an_upgrade_runs_without_a_word(upgraded):
    assert upgraded.upgrade_trouble == []


def test_p14_uninstalling_leaves_no_table_column_index_or_record(removed):
    after = removed.look()
    left = {
        name: sorted(set(after[name]) - set(removed.before[name]) - NOT_OURS)
        for name in after
    }
    lost = {
        name: sorted(set(removed.before[name]) - set(after[name])) for name in after
    }
    assert {name: rows for name, rows in left.items() if rows} == {}
    assert {name: rows for name, rows in lost.items() if rows} == {}


def test_p14_native_odoo_is_back(removed):
    answer = removed.play(NATIVE)
    assert answer["state"] == "sale"
    assert answer["banner"] == removed.facts["banner"]
    assert answer["limit"] == 500.0
    assert set(answer["fields"]) <= {"partner_credit_warning"}


def test_p14_it_can_be_installed_again(removed):
    assert removed.run("-i", "credit_control", "--skip-auto-install") == []
