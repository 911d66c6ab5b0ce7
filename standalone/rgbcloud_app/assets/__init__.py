"""Whole assets: the textures of USD, MaterialX and glTF files, what each means, and lighter copies."""
