# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.credit_control.models.readers import for_reader, job

MANY = 50  # customers in one message
LATE_DAYS = 7  # the daily job may not have run for so long


class CreditInsurerBuyer(models.Model):
    """What is announced, what was cut, and who has to know."""

    _inherit = "credit.insurer.buyer"  # pylint: disable=consider-merging-classes-inherited

    # === ANNOUNCED === #

    def _note_pending(self, policy):
        """Note what the insurer announced last; cover still runs until then."""
        decisions = self.env["credit.cover.decision"].search(
            [("policy_id", "=", policy.id), ("buyer_id", "in", self.ids)]
        )
        for buyer, told in decisions.grouped("buyer_id").items():
            last = max(told, key=lambda d: (d.decided_at, d._get_version_order(), d.id))
            values = last._get_announced()
            if any(buyer[name] != value for name, value in values.items()):
                buyer.write(values)
                buyer._warn_of_pending(policy)

    def _warn_of_pending(self, policy):
        """Put an announced withdrawal before a person while there is still time."""
        if not self.pending_action:
            return
        keeper = policy._get_responsible()
        buyer = for_reader(self, keeper)
        words = dict(self._fields["pending_action"]._description_selection(buyer.env))
        buyer.activity_schedule(
            "mail.mail_activity_data_warning",
            date_deadline=self.pending_date or policy.company_id._credit_today(),
            user_id=keeper.id,
            summary=buyer.env._(
                "The insurer announced: %s", words[self.pending_action]
            ),
            note=buyer.env._(
                "Cover still runs. Deliver or ask the insurer before the date."
            ),
        )

    @api.model
    @job
    def _cron_cover_day(self):
        """Tell of announced cuts on the day they take effect, once each.

        What was announced and did not happen stays announced: somebody has to ask.
        """
        # sudo: a cron; it tells salespeople, and changes what follows by itself.
        due = self.sudo().search([("pending_date", "<=", fields.Date.today())])
        for buyer in due.filtered("pending_action"):
            day = buyer.pending_date
            eve = fields.Date.subtract(day, days=1)
            if not any(
                policy._get_cover_on(buyer, day)["amount"]
                < policy._get_cover_on(buyer, eve)["amount"]
                for policy in buyer.layer_ids.policy_id
            ):
                continue
            buyer.write({"pending_action": False, "pending_date": False})
            buyer._follow_cover()
            buyer.partner_ids._credit_tell_of_cut(buyer.company_id)
        self.sudo().search(self._get_due_domain())._follow_cover()

    @api.model
    def _get_due_domain(self):
        """Whose lines are to be looked at today although nothing was decided.

        Shared cover that begins is divided anew, on the day of the company, or later when
        this job did not run for some days; a currency may have got its rate.
        """
        today = fields.Date.today()
        begins = (
            Domain("cover_is_shared", "=", True)
            & Domain("date_from", ">=", today - timedelta(days=LATE_DAYS))
            & Domain("date_from", "<=", today + timedelta(days=1))
        )
        return Domain("line_ids", "any", begins | Domain("state", "=", "draft"))

    # === CUT === #

    def _tell_of_cuts(self, before, after):
        """Tell of every debtor whose cover in force shrank.

        Holds are looked at again by the lines themselves.

        :param dict before: (debtor, buyer, policy) -> amount, before the lines followed
        :param dict after: the same, afterwards
        """
        cut = self.env["res.partner"]
        for key, amount in before.items():
            partner, _buyer, policy = key
            if policy.currency_id.compare_amounts(after.get(key, 0.0), amount) < 0:
                cut |= partner
        for company, _buyers in self.grouped("company_id").items():
            cut._credit_tell_of_cut(company)


class CreditCoverDecision(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.cover.decision"

    def _get_announced(self):
        """What a decision announces: in so many words, or by its day to come."""
        later = self.date_effective > self.company_id._credit_today()
        action = {"reduced": "reduction", "cancelled": "withdrawal"}.get(self.outcome)
        if later and action and not self.pending_action:
            return {"pending_action": action, "pending_date": self.date_effective}
        return {
            "pending_action": self.pending_action,
            "pending_date": self.pending_date,
        }


class ResPartner(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "res.partner"

    def _credit_tell_of_cut(self, company):
        """Tell salespeople which of their open orders a cut of the limit hits.

        They learn what does not fit any more, not what the insurer said.

        :param company: root company
        """
        if not self:
            return
        positions = self.env["credit.measure"]._get_positions(self.ids, company)
        unit = 10**company.currency_id.decimal_places
        short = {partner: -positions[partner.id].available() / unit for partner in self}
        hit = self.env["sale.order"]._get_hit_by_cut(self, company)
        rows = defaultdict(list)
        for partner in self:
            orders = hit.get(partner, self.env["sale.order"])
            profile = self.env["credit.profile"]._get_or_create(partner, company)
            profile._log_cut(short[partner])
            for user in (orders.user_id | partner.user_id).filtered("active"):
                mine = orders.filtered(lambda order, user=user: order.user_id == user)
                rows[user].append((partner, short[partner], mine))
        for user, entries in rows.items():
            self._credit_notify_cut(user, entries, company)

    @api.model
    def _credit_notify_cut(self, user, entries, company):
        """One message to one salesperson, in his language, about all his customers."""
        speaker = for_reader(self, user)
        items = Markup().join(
            Markup("<li>%s</li>") % speaker._credit_word_cut(*entry, company)
            for entry in entries[:MANY]
        )
        intro = speaker.env._(
            "A limit was cut. These customers and open orders are hit:"
        )
        user.partner_id.message_notify(
            partner_ids=user.partner_id.ids,
            subject=speaker.env._("Credit limit cut: %s customers", len(entries))
            if len(entries) > 1
            else speaker.env._("Credit limit cut: %s", entries[0][0].display_name),
            body=Markup("<p>%s</p><ul>%s</ul>") % (intro, items),
        )

    @api.model
    def _credit_word_cut(self, partner, short, orders, company):
        # Amounts in the reader's language, as the words are.
        money = company.currency_id.with_env(self.env).format
        words = (
            self.env._("%(amount)s too much", amount=money(short))
            if short > 0
            else self.env._("%(amount)s left", amount=money(-short))
        )
        listed = ", ".join(
            f"{order.name} ({money(order.credit_open_company)})" for order in orders
        )
        return f"{partner.display_name}: {words}" + (f" · {listed}" if listed else "")


class CreditProfile(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.profile"

    def _log_cut(self, short):
        """Note on the credit file that a limit was cut: everybody may know that."""
        money = self.currency_id.format
        body = (
            self.env._(
                "A limit was cut: %s of what is owed does not fit.", money(short)
            )
            if short > 0
            else self.env._("A limit was cut: %s are left.", money(-short))
        )
        self._message_log(body=body)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _get_hit_by_cut(self, partners, company):
        """Open orders of debtors that are beyond their limit now.

        :param partners: commercial partners
        :param company: root company
        :return: dict, commercial partner -> orders, the largest first
        """
        orders = self.search(
            [
                ("partner_invoice_id.commercial_partner_id", "in", partners.ids),
                ("company_id", "child_of", company.id),
                ("state", "=", "sale"),
                ("credit_open_company", ">", 0),
            ]
        )
        by_debtor = orders.grouped(lambda o: o.partner_invoice_id.commercial_partner_id)
        return {
            debtor: group.sorted("credit_open_company", reverse=True)
            for debtor, group in by_debtor.items()
        }


class CreditHold(models.Model):
    _inherit = "credit.hold"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `credit_control`: what one file lacks another may have left."""
        holds = super().create(vals_list)
        shared = self.env["credit.line"].sudo()
        shared = shared.search(
            [
                ("partner_id", "in", holds.partner_id.ids),
                ("cover_is_shared", "=", True),
                ("state", "=", "active"),
            ]
        )
        cause = self.env._("The limit was divided anew among the customer's files.")
        self.env["credit.profile"]._debtors_changed(shared.partner_id.ids, cause)
        return holds

    @api.model
    def _reevaluate(self, causes):
        """Override of `credit_control`: divide shared cover before looking again."""
        self.env["credit.insurer.buyer"].sudo()._divide_again(causes)
        return super()._reevaluate(causes)
