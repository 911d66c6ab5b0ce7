"""Counts as files: a .npz of the columns of a histogram, and of what is known beside them as JSON.

One part of a set is counted on one machine, another one elsewhere: what was written adds up to one palette.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.color.color_names import color_space_from_json
from rgbcloud.counting.histogram import ColorHistogram
from rgbcloud.counting.kind import Origin
from rgbcloud.counting.value_histogram import Histogram, ValueHistogram
from rgbcloud.errors import ImageReadError, reason_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FORMAT = "rgbcloud counts 1"
_MOST_BYTES = 1 << 30  # of all columns, unpacked
# What zipfile, zlib, numpy and json raise where an archive is damaged; InvalidArgumentError, which histograms
# raise, is a ValueError.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, LookupError, TypeError, ValueError, AttributeError),
    *(EOFError, RuntimeError, ArithmeticError, MemoryError),
)


def encode_counts(histogram: Histogram, origins: Sequence[Origin | None], other_kind: str) -> bytes:
    """Return the file of counts: those of equal images are equal, byte for byte."""
    told = {
        "format": _FORMAT,
        "origins": [origin and _origin_to_json(origin) for origin in origins],
        "other_kind": other_kind,
    }
    columns = {**histogram.to_columns(), "told": np.frombuffer(json.dumps(told).encode(), np.uint8)}
    with io.BytesIO() as stream:
        np.savez_compressed(stream, **columns)  # type: ignore[arg-type] # which takes its arrays by any name
        return stream.getvalue()


def decode_counts(path: Path) -> tuple[Histogram, list[Origin | None], str]:
    """Return what `encode_counts` was given.

    Raises
    ------
    ImageReadError
        If the file is missing, damaged, or no such file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
                raise ImageReadError(f"{path} holds more than counts can; count again")
        with np.load(path, allow_pickle=False) as archive:
            columns = {name: archive[name] for name in archive.files}
        told = json.loads(columns["told"].tobytes())
        if told["format"] != _FORMAT:
            raise ImageReadError(
                f"{path} is of another release ({told['format']}); count again with this one"
            )
        kind: type[Any] = ColorHistogram if "codes" in columns else ValueHistogram
        origins = [origin and _origin_from_json(origin) for origin in told["origins"]]
        return kind.from_columns(columns), origins, str(told["other_kind"])
    except OSError as error:
        raise ImageReadError(f"{path} cannot be read: {reason_of(error)}") from error
    except _DAMAGED as error:
        msg = f"{path} is damaged, or no file that `rgbcloud count` writes; count again"
        raise ImageReadError(msg) from error


def _origin_to_json(origin: Origin) -> dict[str, Any]:
    space = origin.color_space
    return {**origin._asdict(), "color_space": space and space.to_json()}


def _origin_from_json(values: dict[str, Any]) -> Origin:
    texts = {name: str(values[name]) for name in ("name", "told_by", "host_color_space")}
    space = values["color_space"]
    return Origin(color_space=space and color_space_from_json(space), **texts)
