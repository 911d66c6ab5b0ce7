"""Palettes: their colours, their files, and which colour of one version is which of another."""
