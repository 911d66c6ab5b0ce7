from __future__ import annotations

import json
import os
import struct

import imagemagick
import numpy as np
import pytest
import swatch
from PIL import Image, ImageCms
from PIL.GimpPaletteFile import GimpPaletteFile
from ways import reduced_file

from rgbcloud import (
    ImageWriteError,
    Palette,
    PaletteReadError,
    Recipe,
    Settings,
    load_palette,
    reduce,
    save_palette,
)
from rgbcloud.palettes.palette_files import SUFFIXES


@pytest.fixture
def palette():
    return Palette(np.array([[255, 128, 0], [1, 2, 3]], np.uint8), [3, 1], 8.0)


def test_hex_files_hold_six_digits_a_line(palette, tmp_path):
    assert save_palette(tmp_path / "p.hex", palette).read_text() == "ff8000\n010203\n"


def test_pillow_reads_our_gimp_palettes(palette, tmp_path):
    path = save_palette(tmp_path / "warm wood.gpl", palette)
    assert path.read_text().splitlines()[:3] == ["GIMP Palette", "Name: warm wood", "Columns: 2"]
    with path.open("rb") as stream:
        colors, mode = GimpPaletteFile(stream).getpalette()
    assert mode == "RGB"
    assert colors[:6] == palette.colors.tobytes()


def test_json_holds_what_was_measured(palette, tmp_path):
    assert json.loads(save_palette(tmp_path / "p.json", palette).read_text()) == {
        "colors": ["#ff8000", "#010203"],
        "populations": [3.0, 1.0],
        "shares": [0.75, 0.25],
        "inertia": 8.0,
    }


@pytest.mark.parametrize(("count", "size"), [(1, (32, 32)), (16, (512, 32)), (17, (512, 64))])
def test_swatches_stand_sixteen_a_row(count, size, tmp_path):
    colors = np.arange(count, dtype=np.uint8)[:, np.newaxis].repeat(3, axis=1)
    with Image.open(save_palette(tmp_path / "p.png", Palette(colors))) as image:
        assert image.size == size
        swatches = np.asarray(image)[16::32, 16::32].reshape(-1, 4)
    assert swatches[:count, :3].tolist() == colors.tolist()
    assert (swatches[:count, 3] == 255).all()
    assert (swatches[count:, 3] == 0).all()


def test_another_suffix_is_refused(palette, tmp_path):
    with pytest.raises(
        ImageWriteError, match=r"is written as .gpl, .pal, .ase, .png, .json, .hex, .act, .aco, got '.doc'"
    ):
        save_palette(tmp_path / "p.doc", palette)


def loaded(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return load_palette(path).to_hex()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("count", [1, 2, 17, 256])
def test_what_is_written_is_read_in_its_order(suffix, count, tmp_path, rng):
    palette = Palette(rng.integers(0, 256, (count, 3), dtype=np.uint8))
    assert load_palette(save_palette(tmp_path / f"p{suffix}", palette)) == palette


@pytest.mark.parametrize("suffix", sorted({*SUFFIXES} - {".png"}))
def test_a_colour_that_stands_twice_keeps_both_places(suffix, tmp_path):
    palette = Palette.from_hex(["#ff0000", "#00ff00", "#ff0000"])
    assert load_palette(save_palette(tmp_path / f"p{suffix}", palette)) == palette


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_content_tells_the_format_where_the_name_does_not(suffix, palette, tmp_path):
    path = save_palette(tmp_path / f"p{suffix}", palette)
    assert load_palette(path.rename(tmp_path / "client palette.txt")) == palette


def test_swatch_exchange_files_of_another_library_are_read(tmp_path):
    plain = {"name": "Orange", "type": "Process", "data": {"mode": "RGB", "values": [1.0, 0.502, 0.0]}}
    grey = {"name": "Mitte", "type": "Spot", "data": {"mode": "Gray", "values": [0.5]}}
    group = {"name": "Größe", "type": "Color Group", "swatches": [grey]}
    swatch.write([plain, group], str(tmp_path / "p.ase"))
    assert load_palette(tmp_path / "p.ase").to_hex() == ["#ff8000", "#808080"]


def test_another_library_reads_our_swatch_exchange_files(palette, tmp_path):
    swatches = swatch.parse(str(save_palette(tmp_path / "p.ase", palette)))
    assert [entry["data"]["mode"] for entry in swatches] == ["RGB", "RGB"]
    values = np.array([entry["data"]["values"] for entry in swatches])
    np.testing.assert_allclose(values * 255, palette.colors, atol=1e-5)


@pytest.mark.parametrize("lab", [(128, 148, 98), (200, 128, 200), (60, 100, 128), (255, 128, 128)])
def test_lab_swatches_become_what_littlecms_makes_of_them(lab, tmp_path):
    picture = Image.merge("LAB", [Image.new("L", (1, 1), value) for value in lab])
    expected = ImageCms.profileToProfile(
        picture, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB"
    ).getpixel((0, 0))
    lightness, a, b = lab[0] / 255, lab[1] - 128.0, lab[2] - 128.0
    entry = {"name": "lab", "type": "Spot", "data": {"mode": "LAB", "values": [lightness, a, b]}}
    swatch.write([entry], str(tmp_path / "p.ase"))
    aco = struct.pack(">HHHHhhH", 1, 1, 7, round(lightness * 1e4), int(a * 100), int(b * 100), 0)
    (tmp_path / "p.aco").write_bytes(aco)
    for path in (tmp_path / "p.ase", tmp_path / "p.aco"):
        np.testing.assert_allclose(load_palette(path).colors[0], expected, atol=1.01)


def test_swatches_that_photoshop_7_wrote_are_read(tmp_path):
    # The dump at http://www.duo-creative.com/chrisb/aco/: red and green, version 1, then 2 with names.
    words = (
        "0001 0002 0000 ffff 0000 0000 0000 0000 0000 ffff 0000 0000 0002 0002 0000 ffff 0000 0000 0000 0000 "
    )
    words += "0009 0053 0077 0061 0074 0063 0068 0020 0031 0000 0000 0000 ffff 0000 0000 0000 "
    words += "0009 0053 0077 0061 0074 0063 0068 0020 0032 0000"
    data = bytes.fromhex(words)
    assert loaded(tmp_path, "p.aco", data) == ["#ff0000", "#00ff00"]
    assert loaded(tmp_path, "only version 2.aco", data[24:]) == ["#ff0000", "#00ff00"]


def test_hues_of_swatches_are_converted(tmp_path):
    hsb = struct.pack(">HH5H5H", 1, 2, 1, 21845, 65535, 65535, 0, 1, 0, 0, 32768, 0)
    assert loaded(tmp_path, "p.aco", hsb) == ["#00ff00", "#808080"]


def test_colour_tables_of_both_lengths(tmp_path):
    table = bytes(range(256)) * 3
    assert len(loaded(tmp_path, "p.act", table)) == 256
    assert loaded(tmp_path, "p.act", table + b"\0\2\xff\xff") == ["#000102", "#030405"]


def test_gimp_palettes_as_gimp_writes_them(tmp_path):
    text = "GIMP Palette\nName: Bears\nColumns: 3\n#\n# a comment\n"
    text += "  8   8   8\tgrey3\n 68  44  44\tUntitled\r\n255 255 255\n"
    assert loaded(tmp_path, "p.gpl", text.encode()) == ["#080808", "#442c2c", "#ffffff"]
    old = "GIMP Palette\n# version 1, in Latin-1\n1 2 3 gr\xfcn\n"
    assert loaded(tmp_path, "p.gpl", old.encode("latin-1")) == ["#010203"]


def test_palettes_of_paint_shop_pro_with_alpha_and_unix_line_ends(tmp_path):
    assert loaded(tmp_path, "p.pal", b"JASC-PAL\n0100\n2\n1 2 3 255\n4 5 6 0\n") == ["#010203", "#040506"]


def test_lists_of_hexadecimal_colours(tmp_path):
    assert loaded(tmp_path, "p.hex", b"\xef\xbb\xbfFF8000\r\n\r\n#010203\r\n") == ["#ff8000", "#010203"]
    assert loaded(tmp_path, "p.json", b'["#ff8000", "010203"]') == ["#ff8000", "#010203"]


def test_the_colours_of_any_image_are_a_palette(tmp_path):
    strip = np.array([[[9, 9, 9], [1, 2, 3], [9, 9, 9], [255, 0, 0]]], np.uint8)
    Image.fromarray(strip).save(tmp_path / "strip.bmp")
    assert load_palette(tmp_path / "strip.bmp").to_hex() == ["#090909", "#010203", "#ff0000"]


def test_the_palette_of_an_indexed_image_keeps_its_order(tmp_path, photo):
    source = tmp_path / "wood.png"
    Image.fromarray(photo).save(source)
    reduction = reduced_file(source, settings=Settings(5))
    assert load_palette(tmp_path / "wood.k5.png") == reduction.palette
    Image.fromarray(photo).quantize(7).save(tmp_path / "pillow.gif")
    assert len(load_palette(tmp_path / "pillow.gif")) == 7


@imagemagick.needed
def test_an_image_that_imagemagick_reduced_is_a_palette(tmp_path, photo):
    source, target = tmp_path / "wood.png", tmp_path / "magick.png"
    Image.fromarray(photo).save(source)
    imagemagick.magick(source, "+dither", "-colors", 6, "-unique-colors", target)
    with Image.open(target) as image:
        expected = np.asarray(image.convert("RGB"))[0]
    assert load_palette(target) == Palette(expected)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("p.gpl", b"\xef\xbb\xbfGIMP Palette\n#\n255 128 0\n1 2 3\n"),
        ("p.pal", b"\xef\xbb\xbfJASC-PAL\n0100\n2\n255 128 0\n1 2 3\n"),
        ("p.pal", b"JASC-PAL\n0100\n2\n255 128 0 255\n1 2 3 0\n"),  # with alpha
        ("p.hex", b"\xef\xbb\xbfff8000\n010203\n"),
        ("p.json", b'\xef\xbb\xbf["#ff8000", "#010203"]'),
        ("p.txt", b"\xef\xbb\xbfGIMP Palette\n255 128 0\n1 2 3\n"),
        ("p.act", bytes((255, 128, 0, 1, 2, 3))),
        ("p.act", bytes((255, 128, 0, 1, 2, 3, 9, 9, 9, 0, 2, 255, 255))),
        ("p.pal", b"RIFF\x18\0\0\0PAL data\x0c\0\0\0\0\3\2\0\xff\x80\0\0\1\2\3\4"),
        ("p.pal", b"RIFF\x22\0\0\0PAL plth\1\0\0\0x\0data\x0c\0\0\0\0\3\2\0\xff\x80\0\0\1\2\3\0"),
        ("p.txt", b"RIFF\x18\0\0\0PAL data\x0c\0\0\0\0\3\2\0\xff\x80\0\0\1\2\3\4"),
    ],
)
def test_palettes_as_other_programs_write_them_are_read(name, data, tmp_path):
    assert loaded(tmp_path, name, data) == ["#ff8000", "#010203"]


def test_a_newline_in_a_files_name_does_not_break_its_palette(palette, tmp_path):
    path = save_palette(tmp_path / "warm\nwood.gpl", palette)
    assert path.read_text().splitlines()[1] == "Name: warm wood"
    assert load_palette(path) == palette


def test_swatches_without_a_certain_rgb_are_left_out_and_told(tmp_path, photo):
    orange, cyan, black = (
        {"name": name, "type": "Process", "data": {"mode": mode, "values": values}}
        for name, mode, values in (
            ("Orange", "RGB", [1.0, 0.502, 0.0]),
            ("Cyan", "CMYK", [1.0, 0.0, 0.0, 0.0]),
            ("Black", "RGB", [0.0, 0.0, 0.0]),
        )
    )
    swatch.write([orange, cyan, black], str(tmp_path / "client.ase"))
    palette = load_palette(tmp_path / "client.ase")
    assert palette.to_hex() == ["#ff8000", "#000000"]
    (note,) = palette.notes
    assert note.endswith(
        "swatch 2 is CMYK, which has no certain RGB, and was left out; save the swatches as RGB"
    )
    Image.fromarray(photo).save(tmp_path / "wood.png")
    assert note in reduce(tmp_path / "wood.png", Recipe.of(palette=tmp_path / "client.ase")).notes
    (tmp_path / "p.aco").write_bytes(struct.pack(">HH5H5H", 1, 2, 2, 0, 0, 0, 0, 0, 65535, 0, 0, 0))
    palette = load_palette(tmp_path / "p.aco")
    assert (palette.to_hex(), len(palette.notes)) == (["#ff0000"], 1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file")
def test_a_file_without_an_end_ends_at_a_limit():
    with pytest.raises(PaletteReadError, match="/dev/zero has more than 128 MB, which no palette has"):
        load_palette("/dev/zero")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("p.gpl", b"", "it is empty"),
        ("p.gpl", b"GIMP Palette\nName: x\n#\n", r"p\.gpl holds 0 colours; a palette must have 1 to 256"),
        (
            "p.gpl",
            b"GIMP Palette\n" + b"1 2 3\n" * 300,
            r"p\.gpl holds 300 colours; a palette must have 1 to 256",
        ),
        ("p.gpl", b"GIMP Palette\n1 2 3\n4 5", "line 3 must be red, green and blue in 0..255, got '4 5'"),
        ("p.gpl", b"GIMP Palette\n1 2 300\n", "line 2 must be red, green and blue in 0..255, got '1 2 300'"),
        (
            "p.gpl",
            b"JASC-PAL\r\n0100\r\n1\r\n1 2 3\r\n",
            r"it holds a palette of Paint Shop Pro or Windows; rename it to \.pal",
        ),
        ("p.gpl", b"some text", "its content is not a GIMP palette"),
        ("p.pal", b"JASC-PAL\r\n0100\r\n3\r\n1 2 3\r\n", "it is cut short: 1 of 3 colours are there"),
        ("p.pal", b"JASC-PAL\r\n", "it is cut short: the third line must be the number of colours"),
        ("p.pal", b"RIFF\0\0\0\0PAL data", "it is cut short: it has no chunk of colours"),
        ("p.ase", b"ASEF\0\1\0\0\0\0\0\2\0\1\0\0\0\x20", "it is cut short: 18 bytes end within a swatch"),
        ("p.ase", b"ASEF\0\1", "it is cut short: 6 bytes end within a swatch"),
        ("p.ase", b"ASEF\0\1\0\0\0\0\0\0", r"p\.ase holds 0 colours"),
        ("p.aco", b"\0\1\0\2" + bytes(10), "it is cut short: 14 bytes end within a swatch"),
        (
            "p.aco",
            b"\0\1\0\1\0\2" + bytes(8),
            "its swatches are CMYK, which has no certain RGB; save the swatches as RGB",
        ),
        (
            "p.aco",
            b"\0\1\0\1\0\x0b" + bytes(8),
            "its swatches are of colour space 11, which has no certain RGB",
        ),
        ("p.aco", struct.pack(">HH", 1, 300) + bytes(3000), r"p\.aco holds 300 colours"),
        ("p.act", bytes(701), "has three bytes for each of up to 256 colours, and 4 more at most, got 701"),
        (
            "p.act",
            bytes(1008),
            "has three bytes for each of up to 256 colours, and 4 more at most, got 1,008",
        ),
        (
            "p.pal",
            b"RIFF\0\0\0\0PAL data\x0c\0\0\0\0\3\2\0\1\2\3\0",
            "it is cut short: 1 of 2 colours are there",
        ),
        (
            "p.pal",
            "JASC-PAL\n0100\n²\n1 2 3\n".encode(),
            "its third line must be the number of colours, got '²'",
        ),
        ("p.pal", b"JASC-PAL\n0100\n" + b"9" * 5000, "must be the number of colours, got '9{59}…"),
        (
            "p.gpl",
            b"GIMP Palette\n" + b"9" * 5000,
            "line 2 must be red, green and blue in 0..255, got '9{59}…",
        ),
        ("p.hex", b"ff8000\n" + b"9" * 5000, "six hexadecimal digits such as #ff8000, got '9{59}…"),
        ("p.json", b"[" * 100_000, "it is cut short or no JSON"),
        ("p.json", b'{"colors": ["#ff8000"], "inertia": ' + b"9" * 5000 + b"}", "JSON"),
        ("p.json", b'{"colors": ["#ff8000"], "populations": ["' + b"x" * 5000 + b'"]}', "missing or wrong"),
        ("p.act", bytes(772), r"p\.act holds 0 colours"),
        ("p.act", b"ASEF\0\1\0\0\0\0\0\0", r"it holds an ASE swatch exchange; rename it to \.ase"),
        ("p.hex", b"ff8000\nff80\n", "a colour must be six hexadecimal digits such as #ff8000, got 'ff80'"),
        ("p.hex", b"[1]", r"it holds JSON; rename it to \.json"),
        ("p.json", b'{"colors": ["#ff', "it is cut short or no JSON"),
        ("p.json", b'{"colours": []}', 'it must hold "colors", a list of strings like "#ff8000"'),
        ("p.json", b"[]", r"p\.json is no palette that can be read: it holds 0 colours"),
        ("p.png", b"\x89PNG\r\n\x1a\n", "it is damaged or cut short|it is not an image that can be read"),
        ("p.png", b"GIMP Palette\n1 2 3\n", r"it holds a GIMP palette; rename it to \.gpl"),
        ("p.bmp", b"no image", "it is not an image that can be read"),
        ("p.txt", b"Liebe Kollegen", r"its content is none of \.gpl, \.pal"),
    ],
)
def test_what_is_no_palette_is_said_in_one_sentence(name, data, message, tmp_path):
    with pytest.raises(PaletteReadError, match=message) as raised:
        loaded(tmp_path, name, data)
    assert str(raised.value).startswith(str(tmp_path / name))
    assert "\n" not in str(raised.value)


def test_an_image_of_too_many_colours_is_no_palette(tmp_path, photo):
    Image.fromarray(photo).save(tmp_path / "wood.png")
    with pytest.raises(
        PaletteReadError, match=r"wood\.png holds 62,\d{3} colours; a palette must have 1 to 256"
    ):
        load_palette(tmp_path / "wood.png")


def test_a_palette_that_is_not_there(tmp_path):
    with pytest.raises(PaletteReadError, match=r"none\.gpl: no such file or directory; check the path"):
        load_palette(tmp_path / "none.gpl")
