from . import catalogue
from . import consultation
