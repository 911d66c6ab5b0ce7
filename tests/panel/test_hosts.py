from __future__ import annotations

import pytest
from host_contract import HostContract, SceneContract, Stage, make_image
from memory_host import MemoryHost
from Qt import QtCore

from rgbcloud import ImageReadError, Recipe, Texture
from rgbcloud_app.desktop.files_host import FilesHost


class TestMemoryHost(HostContract, SceneContract):
    @pytest.fixture
    def stage(self, tmp_path):
        files = [make_image(tmp_path / f"wood{number}.png", number) for number in range(3)]
        host = MemoryHost({"a": Texture.of_files(files[:1]), "b": Texture.of_files(files[1:])})
        return Stage(host, lambda: MemoryHost({}, host.memory), host.undo)


def memory(tmp_path):
    return QtCore.QSettings(str(tmp_path / "memory.ini"), QtCore.QSettings.Format.IniFormat)


class TestFilesHost(HostContract):
    @pytest.fixture
    def stage(self, tmp_path):
        host = FilesHost(memory(tmp_path))
        host.open([make_image(tmp_path / f"wood{number}.png", number) for number in range(2)])
        return Stage(host, lambda: FilesHost(memory(tmp_path)))

    def test_a_folder_stands_for_its_images(self, tmp_path):
        folder = tmp_path / "textures"
        folder.mkdir()
        make_image(folder / "b.png")
        make_image(folder / "a.jpg")
        (folder / "notes.txt").write_text("no image")
        host = FilesHost(memory(tmp_path))
        host.open([folder])
        assert [ref.name for ref in host.textures()] == ["a.jpg", "b.png"]

    def test_opening_twice_lists_once(self, stage):
        refs = stage.host.textures()
        stage.host.open([ref.files[0] for ref in refs])
        assert list(stage.host.textures()) == list(refs)

    def test_names_what_is_no_image_and_opens_the_rest(self, tmp_path):
        host = FilesHost(memory(tmp_path))
        (tmp_path / "notes.txt").write_text("no image")
        with pytest.raises(ImageReadError, match=r"no image to open: notes.txt, gone.png; choose files"):
            host.open([tmp_path / "notes.txt", make_image(tmp_path / "a.png"), tmp_path / "gone.png"])
        assert [ref.name for ref in host.textures()] == ["a.png"]

    def test_closes(self, stage):
        first, second = stage.host.textures()
        stage.host.close([first])
        assert list(stage.host.textures()) == [second]

    def test_tells_which_files_it_did_not_write(self, stage):
        ref = stage.host.textures()[0]
        target = ref.files[0].with_name("wood0.k3.png")
        target.write_bytes(b"somebody's work")
        assert stage.host.plan(ref, Recipe.of(colors=3)).replaces == (target,)
        assert stage.host.plan(ref, Recipe.of(colors=4)).replaces == ()
