"""Reduced textures on models: faces by cluster, and errors shown there."""
