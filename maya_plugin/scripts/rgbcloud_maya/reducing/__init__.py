"""Image nodes' textures reduced, and brought back."""
