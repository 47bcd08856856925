from . import product_template
from . import res_partner
from . import medical_coverage
from . import medical_act
from . import account_move
from . import account_move_line
