"""rgbcloud without Maya: the command line, its plots and its demo."""
