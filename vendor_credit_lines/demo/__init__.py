from . import vendor_demo
