"""Print a digest of reduced photographs: the same on every Python, platform and number of threads.

It covers palettes and texels, not the bytes of files, which depend on the zlib that Pillow was built with.
"""

from __future__ import annotations

import hashlib

from sklearn.datasets import load_sample_images

from rgbcloud import ColorHistogram, cluster


def main() -> None:
    digest = hashlib.sha256()
    for pixels in load_sample_images().images:
        histogram = ColorHistogram.from_array(pixels)
        for colors in (2, 7, 16, 64, 256):
            palette = cluster(histogram, colors)
            digest.update(palette.colors.tobytes())
            digest.update(palette.remap(pixels).tobytes())
    print(digest.hexdigest())  # noqa: T201 # its result


main()
