# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import io

import openpyxl

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.credit_control.models.callers import to_note
from odoo.addons.credit_control.models.handouts import guard, to_csv

from ..papers import mail_paper
from .credit_insurance_import import ANALYST
from .credit_insurance_import_apply import OURS as OWN_NUMBER

REPORT = "credit_insurance_link.credit_cover_dispatch_report"
OURS = frozenset({"state", "sent_on", "sent_by", "channel", "file_ids", "sha256"})


class CreditCoverDispatch(models.Model):
    """Requests for cover that leave as a file or by e-mail: an equal of a connection.

    The same payload as over a connection, who sent it and when, the very files, and the
    acknowledgement number that the insurer gave.
    """

    _name = "credit.cover.dispatch"
    _description = "Requests in a File"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="restrict"
    )
    insurer_id = fields.Many2one(related="policy_id.insurer_id")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    request_ids = fields.Many2many(
        "credit.cover.request",
        string="Requests",
        domain="[('policy_id', '=', policy_id), ('state', 'in', ('draft', 'to_send'))]",
    )
    recipient_id = fields.Many2one(
        "res.partner",
        compute="_compute_recipient_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="The broker of the policy, else the insurer's contact.",
    )
    state = fields.Selection(
        [
            ("draft", "To Send"),
            ("sent", "Sent"),
            ("acknowledged", "Received by the Insurer"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    channel = fields.Selection(
        [("hand", "By Hand"), ("mail", "E-Mail")], readonly=True, copy=False
    )
    sent_on = fields.Datetime(readonly=True, copy=False)
    sent_by = fields.Many2one("res.users", readonly=True, copy=False)
    file_ids = fields.Many2many(
        "ir.attachment", string="Files", readonly=True, copy=False
    )
    sha256 = fields.Char(
        string="Fingerprint", readonly=True, copy=False, help="SHA-256 of the CSV file."
    )
    acknowledged_on = fields.Date(
        string="Received on", copy=False, tracking=True, help="As the insurer says."
    )
    acknowledgement = fields.Char(
        string="Acknowledgement Number", copy=False, tracking=True
    )

    @api.depends("policy_id", "sent_on")
    def _compute_name(self):
        for dispatch in self:
            day = fields.Date.to_string(dispatch.sent_on) if dispatch.sent_on else ""
            parts = (dispatch.policy_id.name, day)
            dispatch.name = " · ".join(part for part in parts if part)

    @api.depends("policy_id")
    def _compute_recipient_id(self):
        for dispatch in self:
            policy = dispatch.policy_id
            dispatch.recipient_id = policy.broker_id or policy.insurer_id.partner_id

    @api.model_create_multi
    def create(self, vals_list):
        self._check_writer(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_writer(vals)
        fixed = {"policy_id", "request_ids"}.intersection(vals)
        if fixed and any(dispatch.state != "draft" for dispatch in self):
            raise UserError(self.env._("What was sent stays as it is."))
        return super().write(vals)

    def _check_writer(self, *vals_list):
        if not self.env.su and any(map(OURS.intersection, vals_list)):
            raise AccessError(self.env._("Use the buttons: they check what they do."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(dispatch.state != "draft" for dispatch in self):
            raise UserError(self.env._("What was sent stays on record."))

    # === WHAT IS SENT === #

    @api.model
    def _get_header(self):
        return [
            self.env._("Our Reference"),
            self.env._("Policy"),
            self.env._("Our Customer Number"),
            self.env._("Request"),
            self.env._("Layer"),
            self.env._("Insurer's Number of the Buyer"),
            self.env._("Buyer"),
            self.env._("National Numbers"),
            self.env._("Country"),
            self.env._("Amount Asked"),
            self.env._("Currency"),
            self.env._("Payment Terms (days)"),
            self.env._("Wanted From"),
            self.env._("Wanted Until"),
            self.env._("Urgent"),
            self.env._("Number of the Cover"),
            self.env._("Comment"),
        ]

    def _get_rows(self):
        """One row per request, out of the payload that a connection would send."""
        fields_ = self.env["credit.cover.request"]._fields
        types = dict(fields_["type"]._description_selection(self.env))
        layers = dict(fields_["layer"]._description_selection(self.env))
        for request in self.request_ids:
            order, partner = request._prepare_order(), request.partner_id
            yield [
                order.reference,
                order.policy_number,
                order.customer_reference,
                types[order.request_type],
                layers[order.layer],
                order.buyer_external_id,
                partner.name or request.buyer_id.name,
                self._get_numbers(partner),
                partner.country_id.code or "",
                float(order.amount or 0),
                order.currency,
                order.terms_days or "",
                order.date_from or "",
                order.date_to or "",
                self.env._("Yes") if order.is_urgent else "",
                self._get_cover_number(order),
                order.comment,
            ]

    @api.model
    def _get_numbers(self, partner):
        """The national numbers of a buyer, without those that are wrong."""
        # sudo: the numbers name the buyer to the insurer.
        numbers = partner.sudo().credit_identifier_ids
        told = numbers.filtered(lambda number: number.state != "invalid")
        return ", ".join(f"{n.type_id.code.upper()} {n.value}" for n in told)

    @api.model
    def _get_cover_number(self, order):
        """The insurer's number of a cover; the ones that we made up tell it nothing."""
        number = order.cover_external_id
        return "" if number.startswith(OWN_NUMBER) else number

    def _export_csv(self):
        """The requests as CSV (bytes); nothing in it is taken for a formula."""
        return to_csv([self._get_header(), *self._get_rows()])

    def _export_xlsx(self):
        """The requests as XLSX (bytes); numbers that name somebody are texts."""
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(self.env._("Requests"))
        for row in (self._get_header(), *self._get_rows()):
            sheet.append([guard(cell) for cell in row])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _get_file_name(self, ending):
        return f"{self.policy_id.policy_number}-{self.id}.{ending}"

    # === BUTTONS === #

    def action_csv(self):
        """Download the requests as CSV, for the insurer's portal."""
        return self._download("csv", self._export_csv())

    def action_xlsx(self):
        """Download the requests as XLSX."""
        return self._download("xlsx", self._export_xlsx())

    def action_print(self):
        """Print the requests as PDF."""
        self.ensure_one()
        self.check_access("read")
        return self.env.ref(REPORT).report_action(self, config=False)

    def _download(self, ending, content):
        self.ensure_one()
        self.check_access("read")
        # sudo: the reader may not write here; the file is what he may read anyway.
        file = self.sudo()._keep_file(ending, content)
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{file.id}?download=true",
        }

    def _keep_file(self, ending, content):
        return self.env["ir.attachment"].create(
            {
                "name": self._get_file_name(ending),
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def action_mark_sent(self):
        """Say that the file was handed over: in the portal, by post, however."""
        self._send("hand")
        return True

    def action_mail(self):
        """Send the requests to the recipient, as PDF and CSV.

        :raise UserError: when nobody can be written to
        """
        self.ensure_one()
        if not self.recipient_id.email:
            raise UserError(self.env._("The recipient has no mail address."))
        # First the mark: requests are sent once.
        self._send("mail")
        mail_paper(
            self,
            REPORT,
            self.recipient_id,
            self.env._("Requests for cover: policy %s", self.policy_id.name),
            self.env._(
                "Please find attached our requests for cover. Please confirm their receipt "
                "with your number and quote our references in your decisions."
            ),
            self._get_file_name("pdf"),
            [(self._get_file_name("csv"), self._export_csv())],
        )
        return True

    def _send(self, channel):
        """Move the requests on, and keep what was sent as it was."""
        self.ensure_one()
        self._check_analyst()
        if self.state != "draft":
            raise UserError(self.env._("It was sent already."))
        requests = self.request_ids
        if not requests or any(r.state not in ("draft", "to_send") for r in requests):
            raise UserError(
                self.env._("Choose requests that were not sent or given up meanwhile.")
            )
        content = self._export_csv()
        requests.filtered(lambda request: request.state == "draft").action_send()
        requests.action_mark_sent()
        # sudo: the buttons write this; rights were checked above.
        dispatch = self.sudo()
        dispatch.write(
            {
                "state": "sent",
                "channel": channel,
                "sent_on": fields.Datetime.now(),
                "sent_by": self.env.uid,
                "sha256": hashlib.sha256(content).hexdigest(),
                "file_ids": [
                    fields.Command.link(dispatch._keep_file("csv", content).id)
                ],
            }
        )

    def acknowledge(self, day: str, number: str):
        """Record that the insurer received the requests.

        :param day: ISO date, as the insurer says
        :param number: of its acknowledgement (at most 2,000 characters are kept)
        :return: bool, True
        :raise AccessError: for others than analysts
        :raise UserError: before it was sent, without number, or for a day to come
        """
        self.ensure_one()
        self._check_analyst()
        date, number = self._to_day(day), to_note(number).strip()
        if self.state == "draft":
            raise UserError(self.env._("Send it first."))
        if not date or date > self.company_id._credit_today() or not number:
            raise UserError(
                self.env._("Give the day, today or before, and the insurer's number.")
            )
        values = {"acknowledged_on": date, "acknowledgement": number}
        # sudo: the buttons write the state; rights were checked above.
        self.sudo().write({**values, "state": "acknowledged"})
        return True

    @api.model
    def _to_day(self, day):
        try:
            return fields.Date.to_date(day or None)
        except (TypeError, ValueError):
            return None

    def action_acknowledge(self):
        """Take the day and the number that were entered as the acknowledgement."""
        day = (
            fields.Date.to_string(self.acknowledged_on) if self.acknowledged_on else ""
        )
        return self.acknowledge(day, self.acknowledgement or "")

    def _check_analyst(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only credit analysts ask for cover."))


class CreditCoverRequest(models.Model):
    _inherit = "credit.cover.request"  # pylint: disable=consider-merging-classes-inherited

    def action_dispatch(self):
        """Put requests into a file, one for each policy; none is in two files."""
        self.check_access("read")
        waiting = self.filtered(lambda request: request.state in ("draft", "to_send"))
        if not waiting:
            raise UserError(self.env._("These requests were sent already."))
        dispatches = self.env["credit.cover.dispatch"].search(
            [("state", "=", "draft"), ("request_ids", "in", waiting.ids)]
        )
        waiting -= dispatches.request_ids
        dispatches |= dispatches.create(
            [
                {
                    "policy_id": policy.id,
                    "request_ids": [fields.Command.set(requests.ids)],
                }
                for policy, requests in waiting.grouped("policy_id").items()
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_cover_dispatch_action"
        )
        if len(dispatches) == 1:
            return {**action, "res_id": dispatches.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", dispatches.ids)]}
