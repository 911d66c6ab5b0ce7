"""Which texels count: a mask image to choose and to take away again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from Qt import QtCore, QtWidgets

from rgbcloud import FORMATS
from rgbcloud.errors import printable
from rgbcloud.surface import MESH_SUFFIXES
from rgbcloud_panel.controls.dialogs import ask_for_open, kinds_of

if TYPE_CHECKING:
    from rgbcloud_panel.state.on_model import OnModel
    from rgbcloud_panel.state.session import Session

_IMAGES = kinds_of("Images and meshes", (*FORMATS, *MESH_SUFFIXES), others=True)
_ALL = (
    "All texels count; choose an image of the same size in which those that count are white, "
    "or a mesh that wears the texture"
)


class MaskControl(QtWidgets.QWidget):
    """A button that says which mask there is and asks for another, and one that takes it away."""

    def __init__(self, session: Session, on_model: OnModel) -> None:
        super().__init__()
        self._session = session
        self._on_model = on_model
        self.button = QtWidgets.QPushButton()
        self.button.setAccessibleName("Mask")
        policy = QtWidgets.QSizePolicy.Policy
        self.button.setSizePolicy(policy.Ignored, policy.Fixed)
        self.clear = QtWidgets.QToolButton()
        self.clear.setText("✕")
        self.clear.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.clear.setAccessibleName("No mask")
        self.clear.setToolTip("Let all texels count again")
        layout = QtWidgets.QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button, 0, 0)
        layout.addWidget(self.clear, 0, 1)
        self.surface = QtWidgets.QCheckBox("Weigh by the surface")
        self.surface.setToolTip("Texels count as much as they show of the models that wear the texture")
        if session.scene is not None:
            layout.addWidget(self.surface, 1, 0, 1, 2)
            self.surface.clicked.connect(lambda: on_model.weigh(self.surface.isChecked()))
        self.button.clicked.connect(lambda: self._ask())
        self.clear.clicked.connect(lambda: session.choose_mask(None))
        session.events.subscribe(self._show, "chosen")
        self._show()

    def _ask(self) -> None:
        ask_for_open(self, "Choose a mask", _IMAGES, lambda paths: self._session.choose_mask(paths[0]))

    def _show(self) -> None:
        mask = self._session.mask
        name = Path(mask).name if mask else "None …"
        if len(name) > 24:
            name = f"{name[:10]}…{name[-12:]}"
        self.button.setText(printable(name).replace("&", "&&"))
        self.button.setToolTip(f"Texels count by {mask}" if mask else _ALL)
        self.button.setEnabled(bool(self._session.chosen))
        self.clear.setEnabled(bool(mask))
        self.surface.setEnabled(bool(self._session.chosen))
        self.surface.setChecked(self._on_model.is_weighed)
