"""Colour: spaces, distances between colours, and how different two of them look."""
