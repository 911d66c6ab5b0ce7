"""The colours of a texture as points in space, and the files that hold them."""
