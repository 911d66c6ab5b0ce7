"""The engine behind the stand-in for Maya.

Nothing outside `tests/maya_simulator` and `tests/maya_fixtures.py` imports this package: a test that looks
in here is no test of the plug-in.
"""
