"""The stand-in's `maya` package: what a plug-in imports where no Maya is present."""
