"""Clouds of colours as objects of the scene."""
