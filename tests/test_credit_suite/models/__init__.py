from . import credit_rule_vat
