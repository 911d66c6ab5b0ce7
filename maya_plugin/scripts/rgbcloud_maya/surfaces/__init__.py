"""Textures on models: what surfaces show of them, faces by cluster, and their error on the model."""
