# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In whose language something is worded that others than its writer read."""

from functools import wraps


def for_reader(records, reader):
    """The same records, which word everything for one person.

    :param records: any recordset
    :param reader: ``res.users`` or ``res.partner``, who gets the task or the message
    :return: the records in the reader's language, else in the one they had
    """
    # sudo: in which language, nothing more, whoever writes.
    return records.with_context(lang=reader.sudo().lang or records.env.lang)


def for_colleagues(records):
    """The same records, which word everything for whoever reads the log.

    Colleagues write in their own language. A job has none, and a customer on the portal
    has his own: both write in the company's.

    :param records: any recordset
    :return: the records in that language
    """
    env = records.env
    if env.lang and not env.user.share:
        return records
    return for_reader(records, env.company.partner_id)


def job(method):
    """Declare that Odoo's scheduler runs this: it writes in the company's language."""

    @wraps(method)
    def run(self, *args, **kwargs):
        return method(for_colleagues(self), *args, **kwargs)

    return run
