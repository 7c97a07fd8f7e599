# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Outside parties as real HTTP servers over loopback, for tests and demonstration."""
