# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import psycopg2

from .credit_insurance_sync_work import BAD_FACT

LONGEST_RETRY = 3600  # seconds


def attempt(record, step):
    """Take one step of one record; one that fails does not stop the others.

    Locking: after an error of the database nothing can be written before a rollback. It
    takes back this step only: whatever left us was committed before it left.

    :param record: one that is put off when its step fails
    :param step: callable
    """
    try:
        step()
        record.env.flush_all()
    except BAD_FACT as error:
        if isinstance(error, psycopg2.Error):
            record.env.cr.rollback()
        record._put_off(str(error), LONGEST_RETRY)
