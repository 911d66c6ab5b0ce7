"""The job: images and a recipe in, a palette and files out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rgbcloud.lazy_names import lazy_names

if TYPE_CHECKING:
    from rgbcloud.textures.counts import Counts, Limits, Opened, count, open_images
    from rgbcloud.textures.differences import delta_e_map
    from rgbcloud.textures.error_pictures import MOST_ERROR, compare_files, error_picture
    from rgbcloud.textures.goals import knee, palette_for, plan_for
    from rgbcloud.textures.job import Plan, find_palette, reduce_image
    from rgbcloud.textures.recipe import Goal, Recipe, digest_of
    from rgbcloud.textures.reducing import Output, ReducedMember, TextureReduction, reduce, reduce_texture
    from rgbcloud.textures.reduction import Reduction
    from rgbcloud.textures.report import Report, psnr
    from rgbcloud.textures.sets import CountedImage, FailedMember
    from rgbcloud.textures.shared_palettes import load_shared_palette
    from rgbcloud.textures.shots import frame_palettes
    from rgbcloud.textures.surface_masks import write_surface_masks
    from rgbcloud.textures.texture import TILINGS, Member, Texture, Tiling
    from rgbcloud.textures.texture_clusters import ClusteredTexture, cluster_texture, visible_labels
    from rgbcloud.textures.tokens import has_tokens, tagged_path

__all__ = [
    "MOST_ERROR",
    "TILINGS",
    "ClusteredTexture",
    "CountedImage",
    "Counts",
    "FailedMember",
    "Goal",
    "Limits",
    "Member",
    "Opened",
    "Output",
    "Plan",
    "Recipe",
    "ReducedMember",
    "Reduction",
    "Report",
    "Texture",
    "TextureReduction",
    "Tiling",
    "cluster_texture",
    "compare_files",
    "count",
    "delta_e_map",
    "digest_of",
    "error_picture",
    "find_palette",
    "frame_palettes",
    "has_tokens",
    "knee",
    "load_shared_palette",
    "open_images",
    "palette_for",
    "plan_for",
    "psnr",
    "reduce",
    "reduce_image",
    "reduce_texture",
    "tagged_path",
    "visible_labels",
    "write_surface_masks",
]

__getattr__ = lazy_names(
    __name__,
    {
        "counts": "Counts Limits Opened count open_images",
        "differences": "delta_e_map",
        "error_pictures": "MOST_ERROR compare_files error_picture",
        "goals": "knee palette_for plan_for",
        "job": "Plan find_palette reduce_image",
        "recipe": "Goal Recipe digest_of",
        "reducing": "Output ReducedMember TextureReduction reduce reduce_texture",
        "reduction": "Reduction",
        "report": "Report psnr",
        "sets": "CountedImage FailedMember",
        "shared_palettes": "load_shared_palette",
        "shots": "frame_palettes",
        "surface_masks": "write_surface_masks",
        "texture": "TILINGS Member Texture Tiling",
        "texture_clusters": "ClusteredTexture cluster_texture visible_labels",
        "tokens": "has_tokens tagged_path",
    },
)
