"""The commands that the plug-in adds to MEL and Python."""
