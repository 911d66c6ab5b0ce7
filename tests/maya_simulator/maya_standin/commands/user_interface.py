"""The commands of shelves, menus, panels and progress."""
