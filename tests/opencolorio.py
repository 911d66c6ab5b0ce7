"""What OpenColorIO makes of colours: the truth about its own configurations."""

import numpy as np
import PyOpenColorIO as ocio  # noqa: N813 # as all of its users write it

STUDIO = ocio.Config.CreateFromFile("ocio://studio-config-latest")
NAMES = [space.getName() for space in STUDIO.getColorSpaces() if not space.isData()]
"""The spaces of the studio configuration that hold colours."""


def converted(colors, source, target="Linear Rec.709 (sRGB)"):
    """Return colours of shape (..., 3) of one space in another: float64."""
    result = np.array(colors, np.float32)
    STUDIO.getProcessor(source, target).getDefaultCPUProcessor().applyRGB(result.reshape(-1, 3))
    return result.astype(np.float64)
