"""Tests of the parts of the runtime that need neither network nor Odoo."""
