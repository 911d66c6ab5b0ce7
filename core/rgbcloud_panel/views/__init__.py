"""What is looked at: textures, picture, cloud, palette, figures, messages."""
