# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Words that several models share."""

MANAGER = "credit_control.credit_control_group_manager"
ANALYST = "credit_control.credit_control_group_analyst"
LIVE = ("offered", "queued", "active")  # states of grants that are not over
