"""Pure Python of the practice: no Odoo, no database, tested without either."""
