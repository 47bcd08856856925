"""The safety check of a prescription: facts in, findings out. Nothing here knows Odoo.

``facts`` holds what goes in and what comes out, ``engine`` runs the checks. See :func:`engine.check`.
"""
