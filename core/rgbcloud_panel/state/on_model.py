"""The texture on models that wear it: weighed by their surface, its clusters as faces, its error there."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud import RgbcloudError
from rgbcloud.surface import look_up
from rgbcloud.textures import ClusteredTexture, cluster_texture, visible_labels
from rgbcloud_panel.work.background import Message

if TYPE_CHECKING:
    from rgbcloud import Progress, Recipe, Texture
    from rgbcloud_panel.state.session import Session
    from rgbcloud_panel.work.exact_result import Exact

_MARK = ".surface."  # in names of masks that hosts write of surfaces


class OnModel:
    """What can be done where the host has a scene with models."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._background = session.background
        if session.scene is not None:
            session.scene.watch_faces(self._pick_by_faces)

    @property
    def is_weighed(self) -> bool:
        """Whether texels of the shown texture count by the surface that they show."""
        return _MARK in Path(self._session.mask).name

    def weigh(self, wanted: bool) -> None:
        """Let texels of the shown texture count by the surface that they show, or all alike."""
        session, scene = self._session, self._session.scene
        if not wanted:
            session.choose_mask(None)
        elif scene is not None and session.chosen and not session.is_writing:
            try:
                work = scene.surface_mask(session.chosen[0])
            except RgbcloudError as error:
                self._fail(error)
                return
            self._background.show("write", 0.0, "weighing texels by the surface")
            self._background.run("write", work, self._have_mask, self._fail)

    def _have_mask(self, mask: str) -> None:
        if mask:
            self._session.choose_mask(Path(mask))
        else:
            self._session.tell(Message("All texels of it show as much of the surface: they count alike."))
            self._session.events.emit("chosen")

    def _fail(self, error: Exception) -> None:
        self._session.tell(Message.of_error(error))
        self._session.events.emit("chosen")  # what was asked for is not so

    @property
    def can_select(self) -> bool:
        """Whether there are clusters, and one stands out, whose faces can be selected."""
        state = self._session.state
        return state.exact is not None and state.picked is not None and not self._session.is_writing

    def select_faces(self) -> None:
        """Select the faces that show the cluster which stands out."""
        session = self._session
        exact, cluster = session.state.exact, session.state.picked
        if exact is None or cluster is None or session.is_writing:
            return
        ref = session.chosen[0]

        def select(made: ClusteredTexture) -> None:
            session.in_scene(lambda scene: scene.select_faces(ref, made, cluster))

        if ref.texture is None or len(ref.files) == 1:
            select(_shown_clusters(exact, None))
            return
        work = partial(_clusters_of, ref.texture, session.recipe_of(ref))
        self._background.show("write", 0.0, "finding faces")
        self._background.run("write", work, select, self._fail)

    def toggle_error(self) -> None:
        """Show the error of the reduced texture in its place on the model, or that again."""
        refs = self._session.chosen
        self._session.in_scene(lambda scene: scene.toggle_error(refs))

    def _pick_by_faces(self) -> None:
        """Let the cluster stand out that the faces show most of which were selected in the scene."""
        session, scene = self._session, self._session.scene
        exact = session.state.exact
        if scene is None or exact is None or not session.chosen:
            return
        uvs = scene.selected_uvs(session.chosen[0])
        texture = session.chosen[0].texture
        if not len(uvs) or texture is None or session.state.number >= len(texture.members):
            return
        made = _shown_clusters(exact, texture.members[session.state.number].tile)
        seen = look_up(uvs, made.labels)
        seen = seen[np.isfinite(seen)].astype(np.int64)
        if len(seen):
            session.pick(int(np.bincount(seen).argmax()))


def _shown_clusters(exact: Exact, tile: tuple[int, int] | None) -> ClusteredTexture:
    """Return the clusters of the texels in the picture."""
    labels = visible_labels(exact.reduction.image, exact.reduction.indices)
    return ClusteredTexture(exact.palette, {tile: labels}, {})


def _clusters_of(texture: Texture, recipe: Recipe, progress: Progress) -> ClusteredTexture:
    return cluster_texture(texture, recipe, progress=progress)
