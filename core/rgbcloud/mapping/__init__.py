"""From texels to palette indices: nearest colours and dithers."""
