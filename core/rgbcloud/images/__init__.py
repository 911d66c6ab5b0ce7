"""Image files: reading and writing them, whatever their depth."""
