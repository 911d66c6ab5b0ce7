"""Draw the README's picture of the panel: ``QT_QPA_PLATFORM=offscreen python standalone/docs/draw_panel.py``.

The photograph is the one of `rgbcloud demo`: by danielbuechele, CC BY 2.0, shipped with scikit-learn.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from Qt import QtCore, QtWidgets
from sklearn.datasets import load_sample_image

from rgbcloud import Recipe, reduce
from rgbcloud_app.desktop.files_host import FilesHost
from rgbcloud_app.desktop.window import Window, dress

PICTURE = Path(__file__).with_name("panel.png")
SIZE = 1180, 720


def main() -> None:
    """Open the photograph, reduce it to 7 colours and take the window's picture."""
    app = QtWidgets.QApplication(sys.argv[:1])
    dress(app)
    with tempfile.TemporaryDirectory() as name:
        photo = Path(name) / "china.png"
        Image.fromarray(load_sample_image("china.jpg")).save(photo)
        memory = QtCore.QSettings(str(Path(name) / "memory.ini"), QtCore.QSettings.Format.IniFormat)
        window = Window(FilesHost(memory))
        window.resize(*SIZE)
        window.show()
        session = window.panel.session
        session.open([photo])
        session.change(colors=7)
        while session.state.exact is None or session.state.points is None or session.progress is not None:
            app.processEvents()
            time.sleep(0.01)
        grab = Path(name) / "grab.png"
        window.grab().save(str(grab))
        window.close()
        reduce(grab, Recipe.of(colors=256, weight_power=0.5)).save(PICTURE, overwrite=True)


if __name__ == "__main__":
    main()
