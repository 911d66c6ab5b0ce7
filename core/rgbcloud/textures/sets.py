"""The images of a texture, read and counted, and what is remarkable about them as a set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rgbcloud.errors import ImageReadError
from rgbcloud.progress import Progress, portions
from rgbcloud.textures.counts import Counts, Limits, Opened
from rgbcloud.threads import one_ahead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.errors import RgbcloudError
    from rgbcloud.images.image import Image
    from rgbcloud.textures.texture import Member, Texture


class FailedMember(NamedTuple):
    """One file of a texture that was left out, and why."""

    member: Member
    error: RgbcloudError


class Traits(NamedTuple):
    """What members of a set should have in common."""

    size: str
    alpha: str
    profile: object


@dataclass(eq=False)
class CountedImage:
    """An image that was counted; its texels are kept where they fit into the budget."""

    opened: Opened
    counts: Counts
    image: Image | None
    traits: Traits | None = None

    @property
    def member(self) -> Member:
        """The file of the texture that it is."""
        assert self.opened.member is not None
        return self.opened.member

    def read(self, limits: Limits) -> tuple[Image, UInt8Array | None]:
        """Return the image and its mask."""
        image = self.image or self.opened.read(limits)
        return image, self.opened.read_mask(image, limits)


def count_members(
    images: Sequence[Opened],
    file_format: str,
    limits: Limits,
    *,
    keep_going: bool,
    progress: Progress,
) -> tuple[list[CountedImage], list[FailedMember]]:
    """Read and count the files of a texture; see `rgbcloud.reduce_texture`."""
    counted: list[CountedImage] = []
    failures: list[FailedMember] = []
    budget = limits.budget

    def read(item: Opened) -> Image | ImageReadError:
        try:
            return item.read(limits)
        except ImageReadError as error:
            return error

    progress(0.0, "reading")
    parts = portions(progress, len(images))
    for item, image, part in zip(images, one_ahead(read, images), parts):
        if isinstance(image, ImageReadError):
            assert item.member is not None
            failures.append(FailedMember(item.member, image))
            continue
        image.codec.check_format(image, file_format)
        counts = Counts.of(image, item.read_mask(image, limits), item.host, progress=part)
        budget -= image.texels.nbytes
        kept = image if budget >= 0 else None
        counted.append(CountedImage(item, counts, kept, _traits(image)))
    if failures and not (keep_going and counted):
        raise _unreadable(failures, len(images))
    return counted, failures


def _traits(image: Image) -> Traits:
    width, height = image.size
    return Traits(f"{width} x {height}", "no alpha" if image.alpha is None else "alpha", image.profile)


def _unreadable(failures: Sequence[FailedMember], count: int) -> ImageReadError:
    """Return one error for all members that cannot be read; nothing has been written at this point."""
    if count == 1:
        return ImageReadError(str(failures[0].error))
    reasons = "; ".join(str(failure.error) for failure in failures)
    return ImageReadError(
        f"{len(failures)} of {count} files cannot be read, so that nothing was written: {reasons}"
    )


def set_notes(texture: Texture, counted: Sequence[CountedImage]) -> list[str]:
    """Return what is remarkable about the members as a set."""
    notes = [texture.gaps] if texture.missing else []
    if texture.pattern is None:
        return notes
    for trait in ("size", "alpha"):
        groups: dict[str, list[str]] = {}
        for item in counted:
            groups.setdefault(getattr(item.traits, trait), []).append(item.member.token)
        if len(groups) > 1:
            parts = "; ".join(f"{value}: {', '.join(tokens[:8])}" for value, tokens in groups.items())
            notes.append(f"the files of this set differ in {trait} ({parts}); each keeps its own")
    if len({item.traits.profile for item in counted if item.traits}) > 1:
        notes.append("the files of this set have different ICC profiles; their colours were not converted")
    return notes
