"""What the panel knows of one texture, or of several that share a palette."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rgbcloud_panel.edits.editing import closest, find_same_color
from rgbcloud_panel.edits.kept_work import Work
from rgbcloud_panel.work.previews import Texel

if TYPE_CHECKING:
    from rgbcloud import Palette, PointCloud, Report
    from rgbcloud.color import FloatArray
    from rgbcloud_panel.edits.editing import EditedPalette
    from rgbcloud_panel.edits.history import History, Look
    from rgbcloud_panel.work.background import Message
    from rgbcloud_panel.work.exact_result import Exact
    from rgbcloud_panel.work.loading import CountedColors, Picture
    from rgbcloud_panel.work.previews import Difference, DitherCurve, Rebuilt


@dataclass(eq=False)
class TextureState:
    """What an artist has made of a texture, and what is computed of that."""

    history: History
    files: object = None  # what is computed is of these, as they were then
    masks: object = None  # what was counted is by these
    mask: str = ""  # see `Recipe.mask`; of a single texture only
    kept: str = ""  # what is kept of the work on it, or was given up on purpose; see `Work.to_text`
    greeting: Message | None = None  # what there is to tell when it is looked at for the first time
    message: Message | None = None  # what there is to tell about it
    is_broken: bool = False  # whether it could not be read
    answered: object = None  # what was asked when the number of colours was chosen last
    number: int = 0  # which of the files is in the picture that are counted together
    picked: int | None = None  # the cluster that stands out
    edited: EditedPalette | None = None  # the palette that is shown, whether or not a hand has changed it
    # None until they are read and counted:
    picture: Picture | None = None
    counted: CountedColors | None = None
    points: PointCloud | None = None  # the cloud of all colours, in no clusters
    cloud: PointCloud | None = None  # the one that is shown: of a sample at first, in clusters at last
    rebuilt: Rebuilt | None = None  # the quick result; None once the exact one is there
    dither_curve: DitherCurve | None = None  # of the dither that was looked at last
    # None until they are there for this very look:
    exact: Exact | None = None
    ssim: float | None = None
    difference: Difference | None = None

    @property
    def look(self) -> Look:
        """What it is to look like."""
        return self.history.look

    @property
    def work(self) -> Work:
        """What was made of it."""
        return Work(self.look, self.mask)

    @property
    def palette(self) -> Palette | None:
        """The colours that are shown."""
        return None if self.edited is None else self.edited.palette

    @property
    def report(self) -> Report | None:
        """The figures of the exact result, None while there is none."""
        return None if self.exact is None else replace(self.exact.reduction.report, ssim=self.ssim)

    @property
    def errors(self) -> FloatArray | None:
        """About the MSE of palettes of 2 … 256 colours, of the dither too once it is measured: (255,)."""
        if self.counted is None:
            return None
        factors = None if self.dither_curve is None else self.dither_curve.factors
        if factors is None or self.look.settings.dither == "none":
            return self.counted.preview.errors
        return self.counted.preview.errors * factors

    @property
    def question(self) -> object:
        """All that the number of colours depends on which a goal asks for."""
        return self.counted, replace(self.look.settings, colors=256, recolored=()), self.look.goal

    @property
    def is_goal_open(self) -> bool:
        """Whether the number of colours is not known yet for what is wanted."""
        return self.look.goal is not None and self.look.edited is None and self.question != self.answered

    def adopt(self, edited: EditedPalette) -> None:
        """Show a palette; the cluster that stands out stays the same one, or the one of nearest colour."""
        if self.edited is not None and self.picked is not None:
            self.picked = find_same_color(self.edited.clusters, edited.clusters, self.picked)
        self.edited = edited

    def texel(self, x: int, y: int) -> Texel | None:
        """Return what a texel of the picture is and becomes."""
        if self.picture is None:
            return None
        before = self.picture.pixels[y, x, :3]
        if self.edited is None:
            return Texel(before, None, None)
        if self.exact is not None:
            index = int(self.exact.reduction.indices[y, x])
        else:
            index = closest(self.edited.clusters, before)
        return Texel(before, index, self.edited.palette.colors[index])

    def forget_exact(self) -> None:
        """Give up what belongs to another look."""
        self.exact = self.ssim = self.difference = None

    def forget_colors(self) -> None:
        """Give up all that depends on how colours are counted; what an artist has made stays."""
        self.forget_exact()
        self.counted = self.points = self.cloud = self.rebuilt = self.dither_curve = None

    def forget_computed(self) -> None:
        """Give up all that can be computed again."""
        self.forget_colors()
        self.picture = self.files = None

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        arrays = []
        if self.picture is not None:
            arrays += [self.picture.image.texels, *self.picture.pyramid.levels]
        if self.exact is not None:
            arrays += [self.exact.reduction.indices, *self.exact.pyramid.levels]
        if self.counted is not None:
            arrays += [item.counts.histogram.values for item in self.counted.images]
        return sum(array.nbytes for array in arrays)
