"""What the panel knows of its textures and does with them, without Qt."""
