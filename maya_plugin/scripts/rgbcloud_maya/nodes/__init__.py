"""Image nodes: which there are, what they hold, what their textures mean."""
