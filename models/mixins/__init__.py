# The audited mixin stands first: others inherit from it.
# ruff: isort: skip_file
from . import medical_audited_mixin
from . import medical_banner_mixin
from . import medical_chart_entry
from . import medical_chart_life
from . import medical_fuzzy_dates
from . import medical_prescription_dosage
from . import medical_prescription_dosage_course
from . import medical_safety_config
from . import medical_search_key_mixin
from . import medical_signature_mixin
from . import medical_signature_part
from . import medical_vitals_mixin
