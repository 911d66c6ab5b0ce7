"""How rgbcloud gets into a Maya: the module's files and the packages that Maya's Python lacks.

Standard library only, and nothing of rgbcloud: it runs where nothing is installed yet.
"""
