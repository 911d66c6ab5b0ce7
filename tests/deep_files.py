"""Image files of more than 8 bits a channel."""

from __future__ import annotations

import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it


def write(path, pixels, kind, names=(), artist=""):
    spec = oiio.ImageSpec(pixels.shape[1], pixels.shape[0], pixels.shape[2], kind)
    if names:
        spec.channelnames = names
    if artist:
        spec.attribute("Artist", artist)
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(np.ascontiguousarray(pixels)), output.geterror()
    output.close()
    return path


def read(path, kind):
    """Return the pixels of a file that stores this kind of numbers."""
    buffer = oiio.ImageBuf(str(path))
    assert str(buffer.spec().format) == kind
    return buffer.get_pixels(oiio.TypeDesc(kind))
