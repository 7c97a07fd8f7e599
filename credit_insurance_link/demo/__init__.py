from . import credit_duty_demo
