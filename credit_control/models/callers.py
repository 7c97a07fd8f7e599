# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What callers from outside hand in: they choose the value and type of everything."""

from .credit_line import AMOUNT_CEILING

LARGEST_ID = 2**31 - 1
LONGEST_NOTE = 2000


def is_id(value):
    """Whether this can be the id of a record."""
    return type(value) is int and 0 < value <= LARGEST_ID


def is_amount(value):
    """Whether this is an amount of money that makes sense; NaN does not."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value < AMOUNT_CEILING


def to_note(value):
    """What is kept of a text that a caller wrote."""
    return str(value or "")[:LONGEST_NOTE]


def without(vals, names):
    """The values less those of some fields; the same object when there are none."""
    if names.isdisjoint(vals):
        return vals
    return {name: value for name, value in vals.items() if name not in names}


def to_id(value):
    """The id that is meant, in any of the ways that the database takes; or 0."""
    if isinstance(value, tuple):
        value = value[:1] and value[0]
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return number if is_id(number) else 0


def get_named(model, name, vals_list):
    """The records that new ones are for, named by a value or by a default.

    A caller chooses the defaults too, by his context or among his own settings.

    :param model: the model of which records are about to be created
    :param str name: a Many2one of it
    :param list vals_list: as given to ``create``
    :return: recordset, of what exists
    """
    values = [vals[name] for vals in vals_list if name in vals]
    if len(values) < len(vals_list):
        values.append(model.default_get([name]).get(name))
    ids = set(map(to_id, values)) - {0}
    return model.env[model._fields[name].comodel_name].browse(ids).exists()
