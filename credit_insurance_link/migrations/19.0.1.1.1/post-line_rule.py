# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Insured lines that somebody typed are for the credit group alone, as those that follow.

Rules are not updated, so that a company's own stay: only the one as it came is changed.
"""


def migrate(cr, version):
    cr.execute(
        """UPDATE ir_rule r SET domain_force =
            '[(''cover_policy_id'', ''='', False), (''kind_id.code'', ''!='', ''insured'')]'
        FROM ir_model_data d
        WHERE d.model = 'ir.rule' AND d.res_id = r.id
        AND d.module = 'credit_insurance_link'
        AND d.name = 'credit_line_rule_not_insured'
        AND r.domain_force = '[(''cover_policy_id'', ''='', False)]'"""
    )
