from . import test_podiatry
