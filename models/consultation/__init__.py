from . import (
    medical_consultation,
    medical_consultation_addendum,
    medical_consultation_type,
    medical_text_macro,
    res_company,
)
