# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..handouts import to_csv
from .credit_legal_file import Paper

MOST_PAPERS = 200


class CreditLegalFile(models.Model):
    """What goes into a legal file, paper by paper."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.legal.file"

    def _get_moves(self, debtor, root, day):
        """The overdue invoices of the debtor, the oldest first."""
        companies = self.env["credit.measure"]._get_tree(root.id)[2]
        return self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", debtor.id),
                ("company_id", "in", list(companies)),
                ("move_type", "in", ("out_invoice", "out_receipt")),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "<", day),
            ],
            order="invoice_date_due, id",
        )

    def _get_delivered_orders(self, debtor, root):
        """Orders of which something was delivered and not invoiced, the oldest first."""
        companies = self.env["credit.measure"]._get_tree(root.id)[2]
        orders = self.env["sale.order"].search(
            [
                ("partner_invoice_id.commercial_partner_id", "=", debtor.id),
                ("company_id", "in", list(companies)),
                ("state", "=", "sale"),
                ("order_line.qty_to_invoice", ">", 0),
            ],
            order="date_order, id",
        )
        return orders.filtered(self._get_delivered_lines)

    def _get_delivered_lines(self, order):
        return order.order_line.filtered(
            lambda line: (
                not line.display_type
                and line.product_uom_id.compare(line.qty_delivered, line.qty_invoiced)
                > 0
            )
        )

    def _check_content(self, moves, orders):
        if not moves and not orders:
            raise UserError(
                self.env._(
                    "No invoice of this customer is overdue, and nothing was delivered "
                    "without invoice."
                )
            )
        if len(moves) + len(orders) > MOST_PAPERS:
            raise UserError(
                self.env._(
                    "At most %s invoices and orders fit into one file.", MOST_PAPERS
                )
            )

    def _get_invoices(self, moves):
        """The invoices as they were sent; printed now only where none was kept."""
        for move in moves:
            kept = move.invoice_pdf_report_id
            yield Paper(
                "1-invoices",
                f"{move.name}.pdf",
                kept.raw if kept else self._print("account.account_invoices", move),
                self.env._("Invoice %s", move.name),
                move.invoice_date,
                "" if kept else self.env._("Printed for this file"),
            )

    def _get_orders(self, orders):
        """The orders, and how much of each was delivered without an invoice."""
        for order in orders:
            facts = [self._word_signature(order), self._word_delivered(order)]
            yield Paper(
                "2-orders",
                f"{order.name}.pdf",
                self._print("sale.action_report_saleorder", order),
                self.env._("Order %s", order.name),
                order.date_order,
                "; ".join(filter(None, facts)),
            )

    def _word_signature(self, order):
        return order.signed_by and self.env._(
            "Signed by %(name)s on %(day)s",
            name=order.signed_by,
            day=format_date(self.env, order.signed_on),
        )

    def _word_delivered(self, order):
        lines = self._get_delivered_lines(order)
        amount = sum(
            line.price_reduce_taxinc * (line.qty_delivered - line.qty_invoiced)
            for line in lines
        )
        return lines and self.env._(
            "Delivered and not invoiced: %s, taxes included",
            order.currency_id.format(amount),
        )

    def _get_delivery_proofs(self, orders):
        """Hook: what proves that the goods of these orders arrived.

        :param orders: ``sale.order``
        :return: list of Paper, folder ``3-deliveries``
        """
        return []

    def _get_reminders(self, debtor, root):
        """The messages that were sent, as they were sent, with the proof of it."""
        messages = self.env["credit.dunning.message"].search(
            [
                ("partner_id", "=", debtor.id),
                ("company_id", "=", root.id),
                ("state", "in", ("sent", "bounced")),
                ("notice_id.is_test", "=", False),
            ],
            order="sent_at, id",
        )
        channels = dict(messages._fields["channel"]._description_selection(self.env))
        for message in messages:
            document = message.document_id
            ending = "pdf" if document else "html"
            yield Paper(
                "4-reminders",
                f"{message.id} {message.level_id.name} {message.channel}.{ending}",
                document.raw if document else str(message.body or "").encode(),
                f"{channels[message.channel]}: {message.subject or ''}",
                message.sent_at,
                self._word_proof(message),
            )

    def _word_proof(self, message):
        recipient = (message.recipient or "").replace("\n", ", ")
        posted, received, returned = map(
            self._word_day,
            (message.date_posted, message.date_received, message.date_returned),
        )
        facts = [
            recipient and self.env._("to %s", recipient),
            message.mail_reference
            and self.env._("Message-ID %s", message.mail_reference),
            message.tracking_number
            and self.env._("registered letter %s", message.tracking_number),
            posted and self.env._("posted on %s", posted),
            received and self.env._("received on %s", received),
            returned and self.env._("came back on %s", returned),
            message.document_sha256
            and self.env._("SHA-256 when sent %s", message.document_sha256),
        ]
        return "; ".join(filter(None, facts))

    def _word_day(self, day):
        return day and format_date(self.env, day)

    def _get_statement(self, debtor, root, day):
        content = self.env["credit.statement"]._render_pdf(debtor, root)
        name = self.env._("Statement of account")
        return Paper("", "5-statement.pdf", content, name, day)

    def _get_history(self, debtor, root, day):
        rows = [self._get_history_header(), *self._get_history_rows(debtor, root)]
        title = self.env._("Promises, payment plans and disputes")
        return Paper("", "6-history.csv", to_csv(rows), title, day)

    def _get_history_header(self):
        return [
            self.env._("Date"),
            self.env._("Kind"),
            self.env._("Amount"),
            self.env._("State"),
            self.env._("Invoices"),
            self.env._("Note"),
        ]

    def _get_history_rows(self, debtor, root):
        """Hook: what the debtor answered, as rows of a sheet."""
        domain = [("partner_id", "=", debtor.id), ("company_id", "=", root.id)]
        models_ = ("credit.promise", "credit.instalment.plan", "credit.dispute")
        answers = [
            answer for name in models_ for answer in self.env[name].search(domain)
        ]
        for answer in answers:
            fields_ = answer._fields
            states = dict(fields_["state"]._description_selection(self.env))
            moves = answer["move_ids" if "move_ids" in fields_ else "move_id"]
            yield [
                str(answer.date if "date" in fields_ else answer.date_first),
                answer._description,
                answer.amount,
                states[answer.state],
                ", ".join(moves.mapped("name")),
                answer.note or "",
            ]
