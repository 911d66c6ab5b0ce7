"""The tests: a package of this name, so that none that others install under it is taken for it."""
