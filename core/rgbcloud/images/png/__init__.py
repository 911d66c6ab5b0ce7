"""PNG's own parts: its chunks, its rows of texels, and how they are made small."""
