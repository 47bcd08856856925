# The mixins stand first: Odoo builds the models in the order of these lines.
# ruff: isort: skip_file
from . import mixins
from . import settings
from . import catalogue
from . import patient
from . import agenda
from . import consultation
from . import record
from . import prescription
from . import billing
from . import portal
from . import privacy
