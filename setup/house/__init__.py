# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The set-up of the suite: one room (module) per concern.

Everything here runs on the standard library of the machine's own Python,
because it runs before the virtual environment exists.
"""
