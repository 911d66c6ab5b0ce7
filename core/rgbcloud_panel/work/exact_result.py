"""What a texture becomes, computed as it would be saved, in any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rgbcloud import Limits, Palette, Progress, Reduction
from rgbcloud.progress import portion
from rgbcloud.textures import find_palette, plan_for, reduce_image
from rgbcloud_panel.edits.editing import EditedPalette
from rgbcloud_panel.work.pyramid import Pyramid

if TYPE_CHECKING:
    from rgbcloud import DistanceSpace, Recipe
    from rgbcloud_panel.edits.history import Look
    from rgbcloud_panel.work.loading import CountedColors, Picture


@dataclass(frozen=True, eq=False)
class Exact:
    """The reduction of the texture in the picture, as it would be saved."""

    edited: EditedPalette  # measured on all files that share it
    space: DistanceSpace  # where distances between stored numbers were taken
    reduction: Reduction
    pyramid: Pyramid  # of the rebuilt image as a display shows it

    @property
    def palette(self) -> Palette:
        """What texels of each cluster become."""
        return self.edited.palette


def choose_colors(picture: Picture, counted: CountedColors, recipe: Recipe, progress: Progress) -> int:
    """Return the number of colours that the recipe's goal asks for."""
    progress(0.0, "trying numbers of colours")
    file_format = picture.image.codec.check_format(picture.image, None)
    plan = plan_for(counted.images, counted.counts, recipe, file_format, Limits(), progress=progress)
    return plan.recipe.settings.colors


def reduce_exactly(picture: Picture, counted: CountedColors, look: Look, progress: Progress) -> Exact:
    """Reduce the image in the picture as it would be saved: to the palette that its files share."""
    plan = find_palette(counted.counts, look.recipe(), progress=portion(progress, 0.0, 0.4))
    shown = counted.images[picture.number]
    reduction = reduce_image(
        picture.image,
        plan,
        mask=shown.opened.read_mask(picture.image, Limits()),
        counts=shown.counts,
        progress=portion(progress, 0.4, 0.9),
    )
    progress(0.9, "scaling")
    clusters, as_written = plan.clustering.palette, reduction.palette
    if len(counted.images) == 1:
        clusters = Palette(clusters.colors, as_written.populations, as_written.inertia, clusters.found)
    edited = look.edited or EditedPalette(clusters, look.settings.recolored, look.settings.locked)
    edited = EditedPalette(clusters, edited.recolored, edited.locked, edited.is_made)
    return Exact(edited, plan.content.space, reduction, Pyramid.of(reduction.to_display()))


def similarity(reduction: Reduction, progress: Progress) -> float | None:
    """Return the SSIM of a reduction, which takes longer than the reduction itself."""
    return reduction.ssim(progress=progress)
