"""`mayapy -m rgbcloud_maya`, or `mayapy` and the path of this folder: scenes without a window.

Without PYTHONPATH only the second form finds the package, since Maya reads its modules when it starts.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    scripts = str(Path(__file__).absolute().parent.parent)
    if scripts not in sys.path:
        sys.path.append(scripts)

    from rgbcloud_maya import scene_batch

    code = scene_batch.main()
    # Maya may crash while it cleans up, and its own way of ending turns every exit code into 0.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
