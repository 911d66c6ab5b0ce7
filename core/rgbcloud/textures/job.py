"""The one job: images and a recipe become a palette, and each image becomes a file.

A single image, a set, a batch, the panel, Maya, a farm and every goal come through here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rgbcloud.clustering.cluster import Clustering, clustering_of
from rgbcloud.color.codes import weight_sums
from rgbcloud.color.display import out_of_gamut, usual_color_space
from rgbcloud.counting.histogram import OPAQUE
from rgbcloud.counting.value_histogram import added_up, count_values
from rgbcloud.counting.votes import coverage_of, hidden_histogram, histogram_of
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images.image import MAX_PIXELS, Encoded, Reduced
from rgbcloud.mapping.mapping import dithers, map_texels
from rgbcloud.palettes.palette import Palette, measure_palette, nearest_in_space
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.textures.counts import Counts
from rgbcloud.textures.differences import Differences, of_histogram, of_texels
from rgbcloud.textures.reduction import Reduction
from rgbcloud.textures.report import Report

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.counting.kind import Content
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.images.image import Image
    from rgbcloud.settings import Settings
    from rgbcloud.textures.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Plan:
    """What is known once colours are counted and a palette is found.

    Attributes
    ----------
    counts : Counts
        Of all images.
    content : Content
        What these hold.
    recipe : Recipe
        Its number of colours is that of the palette.
    clustering : Clustering
        The palette, in its final order, and the index of each of the counted values.
    """

    counts: Counts
    content: Content
    recipe: Recipe
    clustering: Clustering


def find_palette(counts: Counts, recipe: Recipe, *, progress: Progress = silent) -> Plan:
    """Return the palette of some counts, and all that rebuilding needs. A goal says nothing here.

    Raises
    ------
    InvalidArgumentError
        If no texel counts, or the recipe fits no image of this kind.
    """
    content = counts.content(recipe)
    told = [
        note for palette in (recipe.palette, recipe.like) if palette is not None for note in palette.notes
    ]
    content = content._replace(notes=(*told, *content.notes))
    histogram, space = counts.histogram, content.space
    if recipe.palette is not None:
        values = recipe.palette.values_in(space)
        labels = nearest_in_space(histogram.values, values, space)
        palette = measure_palette(values, histogram, labels, space, content.kind)
        shown = Palette(recipe.palette.colors, palette.populations, palette.inertia, palette.found)
        return Plan(counts, content, recipe, Clustering(shown, labels))
    if len(histogram) == 0:
        msg = f"{counts.origin.name}: there is no colour to cluster: no texel is visible, finite and unmasked"
        raise InvalidArgumentError(f"{msg}; set alpha to channel if it is no opacity")
    found = clustering_of(histogram, recipe.settings, space, content.kind, progress=progress)
    if recipe.like is not None:
        found = _reorder_like(found, recipe.like)
    return Plan(counts, content, recipe, found)


def _reorder_like(clustering: Clustering, like: Palette) -> Clustering:
    """Return the same, with every colour at the index of the one that it stands for."""
    from rgbcloud.palettes.matching import stable_order  # only palettes to be like need it

    order = stable_order(clustering.palette, like)
    rank = np.empty(len(order), np.uint8)
    rank[order] = np.arange(len(order))
    return Clustering(clustering.palette.take(order), rank[clustering.labels])


def reduce_image(
    image: Image,
    plan: Plan,
    *,
    mask: UInt8Array | None = None,
    counts: Counts | None = None,
    file_format: str | None = None,
    folder: Path | None = None,
    progress: Progress = silent,
) -> Reduction:
    """Rebuild an image from a palette, and encode it: the step that every caller's images go through.

    Parameters
    ----------
    image : Image
    plan : Plan
        Of this image, or of all that share its palette; its palette holds values of the image's type.
    mask : ndarray of shape (H, W), uint8, optional
    counts : Counts, optional
        Of this image and mask, if it was counted already.
    file_format : str, optional
        One of the values of `rgbcloud.formats.FORMATS`; the usual one if left out.
    folder : Path, optional
        Where temporary files may stand: that of the target. The system's for such if left out.
    progress : Progress
        Told from time to time.

    Raises
    ------
    ImageWriteError
        If the format cannot hold the image.
    """
    settings, content = plan.recipe.settings, plan.content
    file_format = image.codec.check_format(image, file_format)
    palette = plan.clustering.palette
    values, written = palette.values, palette.recolor(settings.recolored)
    if counts is None:
        counts = Counts.of(image, mask, progress=portion(progress, 0.0, 0.3))
    histogram = counts.histogram
    is_dithered = dithers(settings, content, values)
    labels = None
    if not is_dithered and histogram.is_exact:
        is_whole = histogram is plan.counts.histogram
        labels = plan.clustering.labels
        if not is_whole:
            labels = nearest_in_space(histogram.values, values, content.space)
    # Dithering asks what can be mixed for every visible texel, whatever counts.
    visible = histogram if mask is None or not is_dithered else histogram_of(image)
    part = portion(progress, 0.3, 0.6)
    indices = map_texels(image, values, content, settings, visible, labels, progress=part)
    progress(0.6, "compressing")
    data, notes, held = _encode(image, Reduced(written.values, indices), file_format, settings, folder)
    progress(0.9, "measuring")
    coverage = coverage_of(image, mask)
    after = written.values
    places: npt.NDArray[Any] = indices
    if held is not None:
        after = held.reshape(-1, 3)
        places = np.arange(indices.size).reshape(indices.shape)
    if labels is not None and held is None:
        figures = of_histogram(histogram, after, labels, content.space)
    else:
        figures = of_texels(image, after, places, coverage, content.space)
    whole = None if mask is None else of_texels(image, after, places, coverage_of(image), content.space)
    if labels is not None and coverage is None:  # not to count texels that were counted
        populations = weight_sums(labels, histogram.coverage / OPAQUE, len(values))
    else:
        populations = _populations(indices, coverage, len(values))
    result = Palette(written.colors, populations, figures.mse * populations.sum(), written.found)
    colors = _color_counts(image, histogram, after)
    report = _report(image, plan, colors, figures, len(data))
    if whole is not None:
        report = replace(report, file_mse=whole.mse, file_delta_e=whole.delta_e)
    progress(1.0, "done")
    noticed = (*_notes(image, plan), *_color_notes(image, plan, result, file_format))
    told = (*image.notes, *noticed, *notes, *_larger(report))
    return Reduction(image, result, indices, histogram, data, file_format, report, told, held)


def _encode(
    image: Image, reduced: Reduced, file_format: str, settings: Settings, folder: Path | None
) -> Encoded:
    """Return the file of a reduced image, its texels enlarged at last.

    Raises
    ------
    InvalidArgumentError
        If that is too large, or the format would not keep enlarged texels as they are.
    """
    times = settings.enlarge
    if times == 1:
        return image.codec.encode(image, reduced, file_format, settings, folder)
    width, height = (side * times for side in image.size)
    if width * height > MAX_PIXELS:
        msg = f"{image.name} would be enlarged to {width} x {height} pixels, more than {MAX_PIXELS:,}"
        raise InvalidArgumentError(f"{msg}; enlarge it less, or take a smaller max_size")
    if file_format == "JPEG":
        raise InvalidArgumentError(f"{image.name}: JPEG blurs what enlarge leaves sharp; write a PNG")
    from rgbcloud.images.scaling import enlarge_texels  # only larger textures need it

    whole = image.codec.with_texels(image, enlarge_texels(image.texels, times))
    file_format = image.codec.check_format(whole, file_format)
    reduced = reduced._replace(indices=enlarge_texels(reduced.indices, times))
    found = image.codec.encode(whole, reduced, file_format, settings, folder)
    return found if found.held is None else found._replace(held=found.held[::times, ::times])


class _ColorCounts(NamedTuple):
    """How many distinct colours a file holds, before and after."""

    before: int
    after: int


def _color_counts(image: Image, histogram: Histogram, written: StoredArray) -> _ColorCounts:
    """Count what counted, or was written, and what lies under full transparency, which stays."""
    after = count_values(written[np.newaxis])
    hidden = hidden_histogram(image)
    if hidden is None:
        return _ColorCounts(len(histogram), len(after))
    return _ColorCounts(len(added_up([histogram, hidden])), len(added_up([after, hidden])))


def _populations(indices: UInt8Array, coverage: UInt8Array | None, count: int) -> npt.NDArray[np.float64]:
    weights = None if coverage is None else coverage.ravel() / 255
    return np.bincount(indices.ravel(), weights, count).astype(np.float64)


def _report(image: Image, plan: Plan, colors: _ColorCounts, figures: Differences, size: int) -> Report:
    width, height = (side * plan.recipe.settings.enlarge for side in image.size)
    full = image.full_size or image.size
    return Report(
        name=image.name,
        width=width,
        height=height,
        colors_before=colors.before,
        colors_after=colors.after,
        bytes_before=image.file_size,
        bytes_after=size,
        kind=plan.content.kind,
        space=plan.content.space.space,
        color_space=plan.content.space.color_space.name,
        colors_by=plan.content.colors_by,
        size_before=None if full == (width, height) else full,
        memory_before=image.bytes_in_memory(full),
        memory_after=image.bytes_in_memory((width, height)),
        **figures._asdict(),
    )


def _notes(image: Image, plan: Plan) -> list[str]:
    """Return what is remarkable about an image's texels."""
    notes = []
    if image.finite is not None:
        broken = int(image.finite.size - np.count_nonzero(image.finite))
        notes.append(f"{broken:,} texels are NaN or infinite; they were left as they are")
    if plan.recipe.settings.dither != "none" and plan.content.kind == "labels":
        notes.append("labels are never dithered")
    return notes


def _color_notes(image: Image, plan: Plan, palette: Palette, file_format: str) -> list[str]:
    """Return what is remarkable about the colours of a palette, and whether the result says what they are."""
    notes: list[str] = []
    if plan.content.kind != "color":
        return notes
    beyond = int(out_of_gamut(palette.values, plan.content.space.color_space).sum())
    if beyond:
        of = f"{beyond} of {len(palette)} palette colours are"
        notes.append(f"{of} more saturated than sRGB; their codes say the nearest that a display shows")
    is_kept = image.profile is not None or file_format.lower() in (image.file_format.lower(), "tx")
    if image.colors.by and not is_kept and image.color_space != usual_color_space(image.depth):
        notes.append(f"{file_format} files cannot say that their colours are {image.color_space.name}")
    return notes


def _larger(report: Report) -> list[str]:
    if report.bytes_after <= report.bytes_before:
        return []
    return [
        f"the result is larger than the source: {report.bytes_after:,} "
        f"instead of {report.bytes_before:,} bytes"
    ]
