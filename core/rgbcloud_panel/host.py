"""What the panel asks of the program that it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rgbcloud import ColorBy, Palette, PointCloud, Progress, Recipe, Report, Texture
    from rgbcloud.color import FloatArray
    from rgbcloud.textures import ClusteredTexture


@dataclass(frozen=True)
class PanelTexture:
    """A texture as its host names it."""

    key: str  # tells it from all others of this host: a node's name, a file's path
    name: str  # what the list calls it
    texture: Texture | None
    """The original's image files: one, or all tiles or frames, which then share a palette. None where they
    cannot be found."""
    users: tuple[str, ...] = ()  # what uses it, such as materials
    reduced: str = ""  # the name of the reduced file that stands in for it; empty if it is not reduced
    warning: str = ""  # why it should rather not be reduced, as a sentence; mostly empty
    problem: str = ""  # why there are no files, as a sentence; empty where there are
    work: str = ""
    """What was made of it at another time: JSON of `rgbcloud_panel.edits.kept_work.Work`, or of a recipe."""
    scene: int = 0
    """Counts the scenes of a host that opens one after the other: a texture of another one is another."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The original's image files; none where they cannot be found."""
        return () if self.texture is None else tuple(self.texture.paths)

    @property
    def color_space(self) -> str:
        """As the host names it; empty where the host has none, or there are no files."""
        return "" if self.texture is None else self.texture.color_space


@dataclass(frozen=True)
class WrittenTexture:
    """A texture whose reduced files are written and wait to be adopted. Hosts may add to it."""

    ref: PanelTexture
    recipe: Recipe  # it was reduced by, with as many colours as a goal led to
    files: tuple[Path, ...]  # the reduced ones, in the order of `ref.files`
    reports: tuple[Report, ...]  # one for each file
    notes: tuple[str, ...]  # what the user should be told, a sentence each


@dataclass(frozen=True, eq=False)
class Task:
    """A texture that is to be reduced."""

    ref: PanelTexture
    write: Callable[[Progress], WrittenTexture]
    """Reduces it and writes its files, in any thread: it knows files and arrays, but not the host."""
    replaces: tuple[Path, ...] = ()
    """Files which the host did not write and which would be replaced: the user is asked first."""


class Scene(Protocol):
    """What a host can do that holds a 3D scene. Each call but `keep` is one undo step."""

    def select(self, refs: Sequence[PanelTexture]) -> None:
        """Select the textures in the scene."""

    def keep(self, ref: PanelTexture, work: str) -> None:
        """Keep what was made of a texture with the scene, for `PanelTexture.work`; forget it if empty.

        This is no undo step: the panel undoes what was made.
        """

    def revert(self, refs: Sequence[PanelTexture]) -> None:
        """Give the textures their originals back; those that are not reduced stay as they are."""

    def show_cloud(self, ref: PanelTexture, recipe: Recipe, cloud: PointCloud, color_by: ColorBy) -> None:
        """Build the cloud of a texture, or rebuild the one that is there.

        The cloud has a palette, which was made with the recipe.
        """

    def remove_cloud(self, ref: PanelTexture) -> None:
        """Remove the cloud of a texture.

        Raises
        ------
        RgbcloudError
            If there is none.
        """

    def locator_palette(self, ref: PanelTexture) -> Palette:
        """Return the palette that the locators of a texture's cloud stand for now.

        Raises
        ------
        RgbcloudError
            If the cloud has no locators.
        """

    def surface_mask(self, ref: PanelTexture) -> Callable[[Progress], str]:
        """Return what writes a mask of a texture by the surface that shows it, in any thread.

        It returns the mask as `Recipe.mask` has it, with ``.surface.`` in its name; empty if all texels count
        alike.

        Raises
        ------
        RgbcloudError
            If nothing wears the texture, or not with UVs.
        """

    def select_faces(self, ref: PanelTexture, made: ClusteredTexture, cluster: int) -> None:
        """Select the faces that show a cluster of a texture most.

        Raises
        ------
        RgbcloudError
            If there are none.
        """

    def watch_faces(self, changed: Callable[[], None]) -> None:
        """Call `changed`, which replaces any earlier one, whenever other things are selected."""

    def selected_uvs(self, ref: PanelTexture) -> FloatArray:
        """Return where selected faces look a texture up: (t, 3, 2), of their triangles; maybe of none."""

    def toggle_error(self, refs: Sequence[PanelTexture]) -> None:
        """Show how far reduced textures are off in their place on models, or these again.

        Raises
        ------
        RgbcloudError
            If none of them is reduced.
        """


class OpenFiles(Protocol):
    """What a host can do whose textures are files that its user opens."""

    def open(self, paths: Sequence[Path], *, apart: bool = False) -> None:
        """Add image files, and those that lie in folders, to the textures; patterns stand for sets.

        Files whose names differ in a tile's or frame's number alone are one texture, unless they are to be
        kept apart.

        Raises
        ------
        RgbcloudError
            Naming the paths that are no images; the others are opened.
        """

    def close(self, refs: Sequence[PanelTexture]) -> None:
        """Take textures off the list."""

    def keep(self, ref: PanelTexture, work: str) -> None:
        """Keep what was made of a texture, for `PanelTexture.work` of other sessions; forget it if empty.

        Raises
        ------
        RgbcloudError
            If it cannot be kept.
        """


class Host(Protocol):
    """A program that the panel stands in. All of it is called on the main thread only.

    What cannot be done raises an `RgbcloudError` whose text is shown as it stands, and changes nothing.
    """

    @property
    def scene(self) -> Scene | None:
        """What can be done to the scene, or None if there is none."""

    @property
    def files(self) -> OpenFiles | None:
        """What can be done to the list of textures, or None if it is the scene's."""

    def textures(self) -> Sequence[PanelTexture]:
        """Return all textures, in the order to list them in."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Call `changed`, which replaces any earlier one, whenever `textures` may have become others."""

    def plan(self, ref: PanelTexture, recipe: Recipe) -> Task:
        """Return what is to be done to reduce a texture; other recipes make files of other names.

        A recipe's mask is an image for all of the texture's files, or the pattern of a set of as many.
        """

    def adopt(self, results: Sequence[WrittenTexture]) -> None:
        """Let reduced files stand in for their originals, in one undo step."""

    def recall(self, name: str) -> str | None:
        """Return what `remember` stored for this user, None if nothing."""

    def remember(self, name: str, value: str) -> None:
        """Store a text for this user, for other sessions to come."""
