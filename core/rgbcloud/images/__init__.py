"""Image files: reading and writing them, whatever their depth."""

from rgbcloud.formats import DEEP_FORMATS, FORMATS, format_of, result_suffix, split_suffix
from rgbcloud.images.files import check_not_source, check_writable, write_file
from rgbcloud.images.image import MAX_PIXELS, Image, Reduced
from rgbcloud.images.pillow.pillow_reading import Source
from rgbcloud.images.pillow.pillow_writing import PILLOW
from rgbcloud.images.reading import PipedFile, read
from rgbcloud.images.temporary import clear_away, temporary_name

__all__ = [
    "DEEP_FORMATS",
    "FORMATS",
    "MAX_PIXELS",
    "PILLOW",
    "Image",
    "PipedFile",
    "Reduced",
    "Source",
    "check_not_source",
    "check_writable",
    "clear_away",
    "format_of",
    "read",
    "result_suffix",
    "split_suffix",
    "temporary_name",
    "write_file",
]
