# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
def to_pdf(record, report):
    """A report about a record as PDF (bytes); whoever calls has checked the rights."""
    # sudo: the report shows invoices, of which the record shows a part anyway.
    reports = record.env["ir.actions.report"].sudo()
    return reports._render_qweb_pdf(report, record.ids)[0]


def mail_paper(record, report, contacts, subject, body, name, attachments=()):
    """Send a report about a record as PDF; its chatter keeps what was sent.

    :param record: one, with a chatter; whoever calls has checked the rights
    :param str report: external id
    :param contacts: ``res.partner``, who get it
    :param str subject: of the message
    :param str body: of the message
    :param str name: file name of the PDF
    :param attachments: further (file name, bytes)
    """
    record.message_post(
        subject=subject,
        body=body,
        partner_ids=contacts.ids,
        message_type="comment",
        subtype_xmlid="mail.mt_note",
        attachments=[(name, to_pdf(record, report)), *attachments],
    )
