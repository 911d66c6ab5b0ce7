from __future__ import annotations

import pytest

from rgbcloud import ImageReadError, ImageWriteError, InvalidArgumentError, Recipe, Settings, Texture, reduce


@pytest.fixture
def folder(tmp_path):
    """Make empty files and return their folder."""

    def make(*names):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path

    return make


def names(texture):
    return [member.path.name for member in texture.members]


def tokens(texture):
    return [member.token for member in texture.members]


def test_a_file_is_a_texture_of_one(folder):
    path = folder("wood.png") / "wood.png"
    texture = Texture.find(path)
    assert (texture.paths, texture.missing, texture.pattern) == ([path], (), None)
    assert texture.targets("k16") == [path.with_name("wood.k16.png")]
    assert texture.target_pattern("k16") == str(path.with_name("wood.k16.png"))


@pytest.mark.parametrize(
    ("pattern", "files", "tiles"),
    [
        ("wood.<UDIM>.png", ["wood.1001.png", "wood.1002.png", "wood.1011.png"], [(0, 0), (1, 0), (0, 1)]),
        ("wood.<udim>.png", ["wood.1001.png"], [(0, 0)]),
        ("wood_u<u>_v<v>.png", ["wood_u0_v0.png", "wood_u1_v0.png"], [(0, 0), (1, 0)]),
        ("wood_<u>_<v>.png", ["wood_u0_v0.png", "wood_u0_v1.png"], [(0, 0), (0, 1)]),
        ("wood_u<U>_v<V>.png", ["wood_u1_v1.png", "wood_u12_v1.png"], [(0, 0), (11, 0)]),
        ("wood_<U>_<V>.png", ["wood_u1_v1.png", "wood_u2_v1.png"], [(0, 0), (1, 0)]),
        ("wood_v<V>_u<U>.png", ["wood_v1_u1.png", "wood_v1_u2.png"], [(0, 0), (1, 0)]),
        ("wood_v<v>_u<u>.png", ["wood_v0_u3.png"], [(3, 0)]),
        ("wood.%(UDIM)d.png", ["wood.1001.png"], [(0, 0)]),  # Houdini
        ("wood_MAPID_.png", ["wood1001.png"], [(0, 0)]),  # RenderMan
        ("wood_<UVTILE>.png", ["wood_u1_v1.png", "wood_u12_v1.png"], [(0, 0), (11, 0)]),
        ("wood_<uvtile>.png", ["wood_u1_v1.png"], [(0, 0)]),
        ("wood_%(UVTILE)d.png", ["wood_u1_v1.png"], [(0, 0)]),
        ("wood_u%(U)d_v%(V)d.png", ["wood_u2_v1.png"], [(1, 0)]),
        ("wood.png.<UDIM>", ["wood.png.1001", "wood.png.1002"], [(0, 0), (1, 0)]),
    ],
)
def test_tiles_are_found_and_placed(folder, pattern, files, tiles):
    others = ["wood.png", "wood.k16.1001.png", "wood.1000.png", "wood.11001.png", "wood.1001.png.bak"]
    texture = Texture.find(folder(*files, *others) / pattern)
    assert names(texture) == files
    assert [member.tile for member in texture.members] == tiles
    assert texture.members[0].frame is None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("sea.####.png", ["sea.0009.png", "sea.0010.png", "sea.12345.png"]),
        ("sea.%04d.png", ["sea.0009.png", "sea.0010.png", "sea.12345.png"]),
        ("sea.<f>.png", ["sea.8.png", "sea.0009.png", "sea.0010.png", "sea.12345.png"]),
        ("sea.%d.png", ["sea.8.png", "sea.0009.png", "sea.0010.png", "sea.12345.png"]),
        ("sea.<F>.png", ["sea.8.png", "sea.0009.png", "sea.0010.png", "sea.12345.png"]),
    ],
)
def test_frames_stand_in_the_order_of_their_numbers(folder, pattern, expected):
    root = folder("sea.0010.png", "sea.8.png", "sea.0009.png", "sea.12345.png", "sea.png", "sea.x.png")
    assert names(Texture.find(root / pattern)) == expected


def test_frames_may_be_negative(folder):
    root = folder(
        "sea.-0010.png", "sea.-002.png", "sea.0000.png", "sea.0001.png", "sea.-1.png", "sea-0005.png"
    )
    texture = Texture.find(root / "sea.####.png")
    assert names(texture) == ["sea.-0010.png", "sea.-002.png", "sea.0000.png", "sea.0001.png"]
    assert [member.frame for member in texture.members] == [-10, -2, 0, 1]
    assert texture.missing[0] == "sea.-0009.png"
    assert Texture.of_tile(root / "sea.-0010.png", "frames").pattern.endswith("sea.<f>.png")
    assert names(Texture.find(root / "sea-####.png")) == ["sea-0005.png"]  # there it is the name's


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("sea.png.####", ["sea.png.0001", "sea.png.0002"]),
        ("sea.####", ["sea.0001"]),
        ("rock.tif.<f>", ["rock.tif.7"]),
    ],
)
def test_a_token_may_stand_for_the_suffix(folder, pattern, files):
    """As Maya's manual has it: name.ext.# and name.#."""
    root = folder(*files)
    texture = Texture.find(root / pattern)
    assert names(texture) == files
    stem = pattern.partition(".")[0]
    frames = [name.rpartition(".")[2] for name in files]
    assert [path.name for path in texture.targets("k8")] == [f"{stem}.k8.{frame}.png" for frame in frames]
    assert Texture.of_tile(root / files[0], "frames") == Texture.find(root / pattern.replace("####", "<f>"))
    alone = [Texture.of_files([path]).targets("k8")[0].name for path in texture.paths]
    assert alone == [f"{stem}.{frame}.k8.png" for frame in frames]


@pytest.mark.parametrize(
    ("source", "file", "target", "name"),
    [
        ("w.<UDIM>.png", "w.1012.png", "r_u<u>_v<v>.png", "r_u1_v1.png"),
        ("w.<UDIM>.png", "w.1012.png", "r_v<V>_u<U>.png", "r_v2_u2.png"),
        ("w_u<U>_v<V>.png", "w_u2_v1.png", "r.<UDIM>.png", "r.1002.png"),
        ("s.<UDIM>.####.png", "s.1001.0007.png", "r.####.<UDIM>.png", "r.0007.1001.png"),
        ("s.####.<UDIM>.png", "s.0007.1001.png", "r.<UDIM>.%06d.png", "r.1001.000007.png"),
        ("s.<f>.png", "s.-3.png", "r.%04d.png", "r.-003.png"),
    ],
)
def test_a_target_may_write_its_tokens_otherwise(folder, source, file, target, name):
    root = folder(file)
    assert Texture.find(root / source).rename_members(root / target) == [root / name]


def test_a_target_asks_for_no_token_that_the_set_lacks(folder):
    texture = Texture.find(folder("w.1001.png", "w.1002.png") / "w.<UDIM>.png")
    with pytest.raises(ImageWriteError, match=r"has a token for a frame, of which .* has none; take it out"):
        texture.rename_members("r.<UDIM>.####.png")


def test_a_sequence_of_tiles(folder):
    files = ["sea.1001.0001.png", "sea.1002.0001.png", "sea.1001.0002.png"]
    texture = Texture.find(folder(*files) / "sea.<UDIM>.####.png")
    assert names(texture) == files
    assert tokens(texture) == ["1001.0001", "1002.0001", "1001.0002"]
    assert [(member.tile, member.frame) for member in texture.members][-1] == ((0, 0), 2)
    assert texture.missing == ("sea.1002.0002.png",)


@pytest.mark.parametrize(
    ("pattern", "files", "missing"),
    [
        ("w.<UDIM>.png", ["w.1001.png", "w.1003.png"], ["w.1002.png"]),
        ("w.<UDIM>.png", ["w.1001.png", "w.1002.png", "w.1011.png"], []),
        ("w.<UDIM>.png", ["w.1002.png", "w.1022.png"], ["w.1012.png"]),
        ("w_u<u>_v<v>.png", ["w_u0_v0.png", "w_u0_v2.png"], ["w_u0_v1.png"]),
        ("w_u<U>_v<V>.png", ["w_u1_v1.png", "w_u3_v1.png"], ["w_u2_v1.png"]),
        ("w.####.png", ["w.0008.png", "w.0011.png"], ["w.0009.png", "w.0010.png"]),
        ("w.<f>.png", ["w.8.png", "w.10.png"], ["w.9.png"]),
    ],
)
def test_what_is_missing_between_neighbours_is_named(folder, pattern, files, missing):
    assert list(Texture.find(folder(*files) / pattern).missing) == missing


def test_a_date_is_no_billion_of_missing_frames(folder):
    texture = Texture.find(folder("w.1.png", "w.20261124.png") / "w.<f>.png")
    assert len(texture.missing) == 1000


@pytest.mark.parametrize(
    ("name", "tiling", "pattern"),
    [
        ("wood.1002.png", "udim", "wood.<UDIM>.png"),
        ("wood_v2001_1001.png", "udim", "wood_v2001_<UDIM>.png"),
        ("wood_u1_v0.png", "0-based", "wood_u<u>_v<v>.png"),
        ("wood_u1_v1.png", "1-based", "wood_u<U>_v<V>.png"),
        ("wood_v1_u1.png", "1-based", "wood_v<V>_u<U>.png"),
        ("wood.tif.1002", "udim", "wood.tif.<UDIM>"),
        ("shot2.0007.png", "frames", "shot2.<f>.png"),
    ],
)
def test_one_file_leads_to_its_set(folder, name, tiling, pattern):
    root = folder(name)
    texture = Texture.of_tile(root / name, tiling)
    assert texture == Texture.find(root / pattern)
    assert names(texture) == [name]


def test_a_pattern_leads_to_its_set_too(folder):
    root = folder("wood.1001.png")
    assert names(Texture.of_tile(root / "wood.<UDIM>.png", "udim")) == ["wood.1001.png"]


def test_the_first_tile_need_not_be_there(folder):
    assert names(Texture.of_tile(folder("wood.1002.png") / "wood.1001.png", "udim")) == ["wood.1002.png"]


@pytest.mark.parametrize(
    ("pattern", "file", "target"),
    [
        ("wood.<UDIM>.tif", "wood.1001.tif", "wood.k16.1001.png"),
        ("wood_<UDIM>.tif", "wood_1001.tif", "wood.k16_1001.png"),
        ("wood_u<U>_v<V>.tif", "wood_u1_v1.tif", "wood.k16_u1_v1.png"),
        ("wood_<u>_<v>.tif", "wood_u0_v0.tif", "wood.k16_u0_v0.png"),
        ("wood.v2.####.diff.tif", "wood.v2.0001.diff.tif", "wood.v2.k16.0001.diff.png"),
        ("<UDIM>.tif", "1001.tif", "k16.1001.png"),
        ("wood<f>.tif", "wood7.tif", "wood.k16.7.png"),
        ("wood.####", "wood.0001", "wood.k16.0001.png"),
    ],
)
def test_targets_keep_the_tokens(folder, pattern, file, target):
    root = folder(file)
    texture = Texture.find(root / pattern)
    assert texture.targets("k16") == [root / target]
    assert texture.targets("k16", root / "out") == [root / "out" / target]
    reduced = Texture.find(folder(target) / texture.target_pattern("k16"))
    assert reduced.paths == [root / target]
    assert [member[1:] for member in reduced.members] == [member[1:] for member in texture.members]


def test_any_list_is_a_texture(folder):
    root = folder("b.png", "a.png")
    texture = Texture.of_files([root / "b.png", root / "a.png", root / "b.png"])
    assert names(texture) == ["b.png", "a.png"]
    assert texture.name == f"{root / 'b.png'} and 1 more"
    assert [path.name for path in texture.targets("k3")] == ["b.k3.png", "a.k3.png"]
    with pytest.raises(InvalidArgumentError, match=r"b\.png and 1 more are a list of files, which no one"):
        texture.target_pattern("k3")


def test_two_files_never_become_one(folder):
    root = folder("x/a.png", "y/a.png")
    texture = Texture.of_files([root / "x/a.png", root / "y/a.png"])
    assert len(texture.targets(Settings())) == 2
    with pytest.raises(ImageWriteError, match=r"x/a\.png and .*y/a\.png would both be written to"):
        texture.targets(Settings(), root)


def test_a_name_that_merely_looks_like_a_pattern_is_a_file(folder):
    root = folder("50%d.png", "501.png")
    assert names(Texture.find(root / "50%d.png")) == ["50%d.png"]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("none.png", r"none\.png: no such file or directory; check the path"),
        ("none.<UDIM>.png", r"none\.<UDIM>\.png: no file on disk matches it; check the folder and the token"),
        ("nowhere/wood.<UDIM>.png", "no file on disk matches it"),
        ("w.<f>.png", r"w\.0007\.png and w\.7\.png are both the same frame or tile; move one of them away"),
    ],
)
def test_what_is_not_there_is_said(folder, pattern, message):
    with pytest.raises(ImageReadError, match=message):
        Texture.find(folder("w.7.png", "w.0007.png") / pattern)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("wood.<tile>.png", "<tile> is no token that is known here; write it as <UDIM>"),
        ("wood.<u>.png", r"<u> stands alone; a tile is u<u>_v<v> counted from 0, or u<U>_v<V> from 1"),
        ("wood_u<u>_v<V>.png", "<u> stands alone"),
        ("wood.<UDIM>.<UDIM>.png", "a tile must stand in a name once"),
        ("wood.##.<f>.png", "a frame must stand in a name once"),
        ("<UDIM>/wood.png", "tokens must be in the file's name, not in a folder's"),
    ],
)
def test_what_is_no_pattern_is_refused(tmp_path, pattern, message):
    with pytest.raises(InvalidArgumentError, match=message):
        Texture.find(tmp_path / pattern)


def test_a_name_without_such_a_number_is_refused(tmp_path):
    with pytest.raises(InvalidArgumentError, match=r"wood\.png: its name has no udim number; choose another"):
        Texture.of_tile(tmp_path / "wood.png", "udim")
    with pytest.raises(InvalidArgumentError, match="tiling must be one of udim, 0-based, 1-based, frames"):
        Texture.of_tile(tmp_path / "wood.png", "ptex")


def test_no_files_are_no_texture():
    with pytest.raises(InvalidArgumentError, match="at least one file, got none"):
        Texture.of_files([])


def test_a_set_does_not_become_one_file(folder):
    pattern = folder("wood.1001.png", "wood.1002.png") / "wood.<UDIM>.png"
    texture = Texture.find(pattern)
    with pytest.raises(ImageWriteError, match=r"flat\.png is one name for the 2 files of .*<UDIM>"):
        texture.rename_members(pattern.with_name("flat.png"))
    for source in (pattern, str(pattern), texture):
        with pytest.raises(InvalidArgumentError, match=r"wood\.<UDIM>\.png stands for 2 files"):
            reduce(source, Recipe())


@pytest.mark.parametrize(
    ("name", "tiling", "token"),
    [
        ("w_v1002.1012.png", "udim", "1012"),
        ("w.1012_v1002.png", "udim", "1012"),
        ("w.1012.v1002.png", "udim", "1012"),
        ("sea.0007_v012.png", "frames", "0007"),
        ("v012_sea.0007.png", "frames", "0007"),
        ("mov1001.png", "udim", "1001"),
    ],
)
def test_a_version_is_neither_tile_nor_frame(tmp_path, name, tiling, token):
    (tmp_path / name).touch()
    assert Texture.of_tile(tmp_path / name, tiling).members[0].token == token


@pytest.mark.parametrize(("name", "tiling"), [("w_v1002.png", "udim"), ("v012.png", "frames")])
def test_a_version_alone_is_no_number_of_a_set(tmp_path, name, tiling):
    with pytest.raises(InvalidArgumentError, match=f"has no {tiling} number"):
        Texture.of_tile(tmp_path / name, tiling)
