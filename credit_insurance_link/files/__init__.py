# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Insurers' files, in plain Python: columns, cells, portfolio and its difference."""
