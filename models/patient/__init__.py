from . import medical_specialty
from . import medical_licence_type
from . import medical_practitioner
from . import medical_patient
from . import medical_patient_relation
from . import res_partner
