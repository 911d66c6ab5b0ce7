"""All frames of an animation share one palette, and come out as they were timed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from ways import reduced, reduced_file

from rgbcloud import ImageWriteError, InvalidArgumentError, Settings

DURATIONS = [50, 100, 150, 200]


def frames_of(alpha=False):
    """A square of noise that moves over a ramp, or over nothing."""
    random = np.random.default_rng(1)
    noise = random.integers(0, 256, (8, 8, 3))
    ramp = np.dstack([np.tile(np.arange(32) * 8, (32, 1))] * 3)
    frames = []
    for number in range(4):
        frame = np.dstack([ramp, np.full((32, 32), 0 if alpha else 255)]).astype(np.uint8)
        frame[4:12, 6 * number : 6 * number + 8] = np.dstack([noise, np.full((8, 8), 255)])
        frames.append(frame if alpha else frame[..., :3])
    return frames


def film(path):
    """Return frames as they are seen, their durations, disposals and the loop."""
    with Image.open(path) as picture:
        seen, durations, disposals = [], [], []
        for number in range(picture.n_frames):
            picture.seek(number)
            seen.append(np.asarray(picture.convert("RGBA")))
            durations.append(round(picture.info["duration"]))
            disposals.append(picture.info.get("disposal", getattr(picture, "disposal_method", 0)))
        return seen, durations, disposals, picture.info.get("loop")


def save(path, frames, **options):
    first, *others = (Image.fromarray(frame) for frame in frames)
    if path.suffix == ".webp":
        options.update(lossless=True, exact=True)
    first.save(path, save_all=True, append_images=others, duration=DURATIONS, loop=3, **options)
    return path


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_all_frames_get_one_palette_and_keep_their_time(tmp_path, suffix, alpha):
    disposal = {} if suffix == ".webp" else {"disposal": 2 if suffix == ".gif" else 1}
    path = save(tmp_path / f"film{suffix}", frames_of(alpha), **disposal)
    target = tmp_path / f"out{suffix}"
    result = reduced_file(path, target, settings=Settings(6, frames="all"))
    seen, durations, disposals, loop = film(target)
    before = film(path)
    assert (durations, loop) == (DURATIONS, before[3]) == (before[1], 3)
    # What is disposed of in a PNG is replaced by the next frame: other numbers, the same pictures, see below.
    assert disposals == (before[2] if suffix == ".gif" else [0] * 4)
    texels = np.concatenate(seen)
    opaque = texels[..., 3] > 0
    np.testing.assert_array_equal(texels[..., 3], np.concatenate(before[0])[..., 3])
    assert len(np.unique(texels[opaque][:, :3], axis=0)) == 6
    np.testing.assert_array_equal(texels[opaque][:, :3], result.texels[..., :3][opaque])
    assert not any("the first one" in note for note in result.notes)


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_an_animation_becomes_one_of_another_format(tmp_path, suffix):
    path = save(tmp_path / "film.gif", frames_of())
    result = reduced_file(path, tmp_path / f"out{suffix}", settings=Settings(5, frames="all"))
    seen, durations, *_ = film(tmp_path / f"out{suffix}")
    assert durations == DURATIONS
    np.testing.assert_array_equal(np.concatenate(seen)[..., :3], result.texels[..., :3])


def test_a_format_of_one_frame_is_refused(tmp_path):
    path = save(tmp_path / "film.gif", frames_of())
    with pytest.raises(ImageWriteError, match=r"film\.gif has 4 frames, which TIFF files cannot hold; write"):
        reduced(path, Settings(5, frames="all"), file_format="TIFF")


def test_one_frame_is_an_image_like_others(tmp_path):
    Image.fromarray(frames_of()[0]).save(tmp_path / "still.png")
    assert reduced(tmp_path / "still.png", Settings(5, frames="all")).data == (
        reduced(tmp_path / "still.png", Settings(5)).data
    )


def test_a_mask_is_laid_on_each_frame(tmp_path):
    path = save(tmp_path / "film.png", frames_of())
    mask = np.zeros((32, 32), np.uint8)
    mask[:, 16:] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    result = reduced(path, Settings(256, frames="all"), mask=tmp_path / "mask.png")
    seen = np.concatenate(frames_of()).reshape(4, 32, 32, 3)[:, :, 16:].reshape(-1, 3)
    assert sorted(map(tuple, result.palette.colors)) == sorted(set(map(tuple, seen)))
    Image.fromarray(mask[:9]).save(tmp_path / "low.png")
    with pytest.raises(InvalidArgumentError, match=r"low\.png has 32 x 9 pixels, .* has 32 x 32; a mask"):
        reduced(path, Settings(5, frames="all"), mask=tmp_path / "low.png")
