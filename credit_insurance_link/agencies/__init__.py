# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Talking to agencies and public registers, in plain Python: one file per agency."""
