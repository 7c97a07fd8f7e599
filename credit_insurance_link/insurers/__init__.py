# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Talking to insurers, in plain Python: facts, HTTP template, one file per insurer."""
