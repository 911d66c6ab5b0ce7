"""k-means on a histogram: the palette that rebuilds a texture with the least error."""
