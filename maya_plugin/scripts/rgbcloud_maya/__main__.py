"""`mayapy -m rgbcloud_maya`, or `mayapy` and the path of this folder: scenes without a window.

Without PYTHONPATH only the second form finds the package, since Maya reads its modules when it starts.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # Python has put this folder first: our ui, nodes, scene and so on would hide a studio's modules of these
    # names from the userSetup.py that Maya runs when it starts.
    here = Path(__file__).absolute().parent
    sys.path[:] = [folder for folder in sys.path if Path(folder).absolute() != here]
    if str(here.parent) not in sys.path:
        sys.path.append(str(here.parent))

    from rgbcloud_maya.batch import scene_batch

    code = scene_batch.main()
    # Maya may crash while it cleans up, and its own way of ending turns every exit code into 0.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
