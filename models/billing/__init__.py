from . import (
    account_move,
    account_move_line,
    calendar_event,
    medical_act,
    medical_consultation,
    medical_coverage,
    medical_patient,
    product_product,
    product_template,
    res_company,
    res_config_settings,
    res_partner,
)
