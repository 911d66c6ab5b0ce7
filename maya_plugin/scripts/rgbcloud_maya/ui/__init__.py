"""What artists click: the shelf, the menu, the panel."""
