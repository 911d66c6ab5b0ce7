"""The buttons that do something: in a scene, or with files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Callable

from Qt import QtWidgets

from rgbcloud import FORMATS, Texture
from rgbcloud.cloud import SUFFIXES as CLOUD_SUFFIXES
from rgbcloud_panel.controls.dialogs import ask_for_file, kinds_of

if TYPE_CHECKING:
    from rgbcloud_panel.host import Scene
    from rgbcloud_panel.state.on_model import OnModel
    from rgbcloud_panel.state.session import Session
    from rgbcloud_panel.views.cloud_view import CloudView

_CLOUDS = kinds_of("Point clouds", CLOUD_SUFFIXES)


class Actions(QtWidgets.QWidget):
    """What the host offers; the panel puts `reduce` above all."""

    def __init__(self, session: Session, cloud_view: CloudView, on_model: OnModel) -> None:
        super().__init__()
        self._session = session
        self._cloud_view = cloud_view
        self._on_model = on_model
        self._layout = QtWidgets.QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.reduce = QtWidgets.QPushButton("&Reduce")
        self.reduce.setToolTip(
            "Write the reduced texture under a name of its own; the original stays as it is"
        )
        self.reduce.setMinimumHeight(32)
        self.reduce.clicked.connect(lambda: session.reduce())
        self._buttons: list[tuple[QtWidgets.QPushButton, Callable[[], bool]]] = []
        if session.scene is not None:
            self._add_scene_actions()
        if session.open_files is not None:
            self._add_file_actions()
        session.events.subscribe(
            self._enable, "chosen", "textures", "cloud", "palette", "progress", "after", "source", "picked"
        )
        self._enable()

    def _add(
        self, text: str, tooltip: str, act: Callable[[], object], is_possible: Callable[[], bool]
    ) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(text)
        button.setToolTip(tooltip)
        button.clicked.connect(lambda: act())
        row, column = divmod(len(self._buttons), 2)
        self._layout.addWidget(button, row, column)
        self._buttons.append((button, is_possible))
        return button

    def _add_scene_actions(self) -> None:
        session = self._session
        self.revert = self._add(
            "Re&vert",
            "Give the chosen textures their originals back",
            lambda: session.in_scene(lambda scene: scene.revert(session.chosen)),
            lambda: any(ref.reduced for ref in session.chosen),
        )
        self.locators = self._add(
            "Apply &locators",
            "Take the palette that the cloud's locators stand for: move them in the scene, then press this",
            lambda: session.in_scene(
                lambda scene: session.take_palette(scene.locator_palette(session.chosen[0]))
            ),
            lambda: session.state.picture is not None,
        )
        self.build_cloud = self._add(
            "&Build cloud",
            "Build the cloud as particles and locators in the scene, or rebuild the one that is there",
            lambda: session.in_scene(self._build_cloud),
            lambda: session.state.cloud is not None and session.state.cloud.palette is not None,
        )
        self.remove_cloud = self._add(
            "Rem&ove cloud",
            "Remove the texture's cloud from the scene",
            lambda: session.in_scene(lambda scene: scene.remove_cloud(session.chosen[0])),
            lambda: bool(session.chosen),
        )
        self.select_faces = self._add(
            "Select &faces",
            "Select the faces that show the cluster which stands out; selected faces let theirs stand out",
            self._on_model.select_faces,
            lambda: self._on_model.can_select,
        )
        self.show_error = self._add(
            "Sho&w error",
            "Show how far the reduced texture is off in its place on the model; again: the texture",
            self._on_model.toggle_error,
            lambda: any(ref.reduced for ref in session.chosen),
        )

    def _build_cloud(self, scene: Scene) -> None:
        session = self._session
        if session.state.cloud is not None:
            ref = session.chosen[0]
            scene.show_cloud(ref, session.recipe_of(ref), session.state.cloud, self._cloud_view.color_by)

    def _add_file_actions(self) -> None:
        session = self._session
        self.save_as = self._add(
            "Save &as …",
            "Write the reduced texture under a name and format of your choice",
            self._ask_for_image,
            lambda: session.can_reduce and len(session.chosen) == len(session.chosen[0].files) == 1,
        )
        self.export_cloud = self._add(
            "E&xport cloud …",
            "Write the cloud as points that other 3D programs open, coloured as the cloud view shows them",
            self._ask_for_cloud,
            lambda: session.state.cloud is not None and not session.is_writing,
        )

    def _ask_for_image(self) -> None:
        ref = self._session.chosen[0]
        suggestion = Texture.of_files(ref.files).targets(self._session.state.look.recipe().tag())[0]
        kinds = kinds_of("Images", dict.fromkeys([suggestion.suffix, *FORMATS]))
        ask_for_file(self, "Save the reduced texture", str(suggestion), kinds, self._session.save_as)

    def _ask_for_cloud(self) -> None:
        source = self._session.chosen[0].files[0]
        answer = partial(self._session.export_cloud, color_by=self._cloud_view.color_by)
        ask_for_file(self, "Export the cloud", str(source.with_suffix(".ply")), _CLOUDS, answer)

    def _enable(self) -> None:
        self.reduce.setEnabled(self._session.can_reduce)
        chosen = len(self._session.chosen)
        self.reduce.setText("&Reduce" if chosen < 2 else f"&Reduce {chosen} textures")
        for button, is_possible in self._buttons:
            button.setEnabled(is_possible())
