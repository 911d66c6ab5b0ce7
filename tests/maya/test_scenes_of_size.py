"""Many nodes at once: how many commands they take, one summary, and a main thread that is never away."""

from __future__ import annotations

import threading

import pytest
from maya import cmds
from scene_tools import checker, differences, material, snapshot, texture

import rgbcloud_maya
from rgbcloud import CancelledError, Recipe, Texture
from rgbcloud_maya.scene.waiting import each_in_parallel, repaint_between, while_waiting
from rgbcloud_maya.ui import buttons
from rgbcloud_maya.ui.maya_host import MayaHost

FEW, MANY = 3, 13


def nodes_in_use(folder, count, **attributes):
    nodes = []
    for number in range(count):
        node = texture(f"wood{number}", checker(folder / f"wood{number}.png", size=4), **attributes)
        material(f"skin{number}", color=node)
        nodes.append(node)
    return nodes


@pytest.fixture
def commands_a_node(tmp_path, count_commands):
    """How many commands a node more takes, whatever is asked once for all of them."""

    def measure(work, prepare=lambda nodes: None):
        lengths = []
        for count in (FEW, MANY):
            cmds.file(new=True, force=True)
            cmds.undoInfo(state=True)
            nodes = nodes_in_use(tmp_path, count)
            prepare(nodes)
            with count_commands() as counted:
                work(nodes)
            lengths.append(len(counted))
        return (lengths[1] - lengths[0]) / (MANY - FEW)

    return measure


def reduce(nodes, colors=2):
    return rgbcloud_maya.reduce(nodes, Recipe.of(colors=colors))


class TestCommands:
    def test_reducing_takes_fewer_than_twelve(self, commands_a_node):
        assert commands_a_node(reduce) < 12

    def test_reducing_again_takes_fewer_than_twelve(self, commands_a_node):
        assert commands_a_node(lambda nodes: reduce(nodes, 3), reduce) < 12

    def test_reverting_takes_fewer_than_twelve(self, commands_a_node):
        assert commands_a_node(rgbcloud_maya.revert, reduce) < 12

    def test_listing_takes_fewer_than_three(self, commands_a_node):
        assert commands_a_node(lambda nodes: rgbcloud_maya.textures()) < 3
        assert commands_a_node(lambda nodes: rgbcloud_maya.textures(), reduce) < 3

    def test_so_does_the_list_of_the_panel(self, commands_a_node):
        assert commands_a_node(lambda nodes: MayaHost().textures()) < 3

    def test_finding_out_that_nothing_changed_takes_fewer_than_three(self, commands_a_node):
        assert commands_a_node(reduce, reduce) < 3


class TestRepainting:
    def test_the_list_of_the_panel_lets_windows_be_drawn_between_nodes(self, tmp_path, monkeypatch):
        told = []
        monkeypatch.setattr(
            "rgbcloud_maya.ui.maya_host.repaint_between", lambda: lambda *report: told.append(report)
        )
        nodes_in_use(tmp_path, FEW)
        assert len(MayaHost().textures()) == len(told) == FEW

    @pytest.mark.parametrize("work", [rgbcloud_maya.reduce, rgbcloud_maya.revert])
    def test_looking_for_textures_of_many_objects_can_be_cancelled(self, tmp_path, work):
        nodes_in_use(tmp_path, FEW)

        def cancel(fraction, message):
            if message == "looking for textures" and fraction > 0:
                raise CancelledError("enough")

        with pytest.raises(CancelledError, match="enough"):
            work([f"skin{number}" for number in range(FEW)], progress=cancel)

    def test_a_cloud_can_be_cancelled_between_any_two_changes(self, tmp_path, monkeypatch):
        monkeypatch.setattr("rgbcloud_maya.scene.undo._MOMENT", -1.0)
        (node,) = nodes_in_use(tmp_path, 1)
        before, told = snapshot(), []

        def cancel(_fraction, message):
            told.append(message)
            if told.count("changing the scene") == 20:
                raise CancelledError("enough")

        with pytest.raises(CancelledError, match="enough"):
            rgbcloud_maya.build_cloud(node, Recipe.of(colors=2), progress=cancel)
        assert differences(before, snapshot()) == []

    def test_work_on_the_main_thread_is_told_and_draws_windows_every_moment(self, monkeypatch):
        drawn, told = [], []
        monkeypatch.setattr("rgbcloud_maya.scene.waiting._MOMENT", -1.0)
        monkeypatch.setattr("rgbcloud_maya.scene.waiting._painter", lambda: lambda: drawn.append(1))
        progress = repaint_between(lambda *report: told.append(report))
        progress(0.5, "half")
        progress(1.0, "done")
        assert told == [(0.5, "half"), (1.0, "done")]
        assert len(drawn) == 2


class TestMessages:
    def test_many_warnings_become_one_by_reason(self, tmp_path, script_editor):
        raw = nodes_in_use(tmp_path, 6, ignoreColorSpaceFileRules=True)
        for node in raw:
            cmds.setAttr(f"{node}.colorSpace", "Raw", type="string")
        gone = texture("gone", tmp_path / "gone.png")
        fine = texture("fine", checker(tmp_path / "fine.png"))
        reduce([*raw, gone, fine])
        (text,) = script_editor("warning")
        assert text.splitlines() == [
            "rgbcloud: 7 textures, for 2 reasons:",
            "6 left out: its colour space is Raw, so it holds numbers rather than colours: " + ", ".join(raw),
            "1 failed: no such file or directory; check the path: gone",
        ]

    def test_a_folder_that_cannot_be_written_to_is_told(self, project, script_editor, monkeypatch):
        checker(project / "library" / "wood.png")
        node = texture("wood", project / "library" / "wood.png")
        monkeypatch.setattr(
            "rgbcloud_maya.reducing.node_jobs.is_writable", lambda folder: folder.name != "library"
        )
        (result,) = reduce([node])
        assert result.path == f"{project.as_posix()}/sourceimages/wood.k2.png"
        (text,) = script_editor("warning")
        assert text.startswith(f"wood was written to {project.as_posix()}/sourceimages, since ")
        assert text.endswith("library cannot be written to")

    def test_what_has_no_texture_in_a_selection_is_named_and_the_rest_is_done(self, tmp_path, script_editor):
        (node,) = nodes_in_use(tmp_path, 1)
        for name in ("lamp", "rig"):
            cmds.createNode("transform", name=name)
        cmds.select(["lamp", "skin0", "rig"])
        (result,) = rgbcloud_maya.reduce(None, Recipe.of(colors=2))
        assert (result.node, result.status) == (node, "reduced")
        assert script_editor("warning") == [
            "rgbcloud: lamp, rig have no texture; the rest of the selection is done"
        ]

    def test_a_selection_without_any_texture_is_refused(self):
        for name in ("lamp", "rig"):
            cmds.createNode("transform", name=name)
        cmds.select(["lamp", "rig"])
        with pytest.raises(rgbcloud_maya.SceneError, match="none of lamp, rig has a texture; select"):
            rgbcloud_maya.reduce(None, Recipe.of(colors=2))


class TestLargerResults:
    def test_they_are_left_out_where_that_is_asked(self, tmp_path, script_editor):
        heavy = texture("heavy", checker(tmp_path / "heavy.jpg", size=64, noise=60))
        light = texture("light", checker(tmp_path / "light.bmp", size=64))
        results = rgbcloud_maya.reduce([heavy, light], Recipe.of(colors=256, skip_larger=True))
        assert [result.status for result in results] == ["left out", "reduced"]
        (text,) = script_editor("warning")
        assert text == results[0].message
        assert text.startswith(f"heavy: {tmp_path / 'heavy.jpg'} would take ")
        assert not list(tmp_path.glob("heavy.k*"))

    @pytest.mark.usefixtures("loaded_plugin")
    def test_by_the_flag(self, tmp_path):
        heavy = texture("heavy", checker(tmp_path / "heavy.jpg", size=64, noise=60))
        assert not cmds.rgbCloudReduce(heavy, colors=256, skipLarger=True)
        assert cmds.getAttr(f"{heavy}.fileTextureName") == str(tmp_path / "heavy.jpg")


class TestWaiting:
    def test_the_work_is_done_in_another_thread_and_told_of_in_this_one(self):
        threads, told = set(), []

        def work(progress):
            threads.add(threading.current_thread())
            progress(0.5, "half")
            return 7

        def progress(fraction, message):
            threads.add(threading.current_thread())
            told.append((fraction, message))

        assert while_waiting(work, progress) == 7
        assert told[-1] == (0.5, "half")
        assert len(threads) == 2
        assert threading.main_thread() in threads

    def test_what_the_work_raises_is_raised_here(self):
        def fail(progress):
            raise KeyError("texel")

        with pytest.raises(KeyError, match="texel"):
            while_waiting(fail, lambda *told: None)

    @pytest.mark.interactive
    def test_esc_gets_through_while_the_work_says_nothing(self):
        goes_on, undone = threading.Event(), threading.Event()

        def silent_work(progress):
            goes_on.wait()
            progress(1.0, "done")

        def press(fraction, message):
            raise CancelledError("Esc")

        with pytest.raises(CancelledError, match="Esc"):
            while_waiting(silent_work, press, undo=undone.set)
        assert not undone.is_set()
        goes_on.set()
        assert undone.wait(30)

    def test_one_progress_for_many(self):
        told = []

        def work(item, progress):
            progress(0.5, item)
            return item.upper()

        assert each_in_parallel(work, ["a", "b"], lambda fraction, _: told.append(fraction)) == ["A", "B"]
        assert max(told) == 1.0
        assert each_in_parallel(work, [], lambda *_: None) == []

    @pytest.mark.interactive
    @pytest.mark.parametrize("press", [buttons.reduce, buttons.cloud, buttons.apply_locators])
    def test_buttons_look_for_esc_while_files_are_read(self, tmp_path, monkeypatch, press_escape, press):
        """Reading begins, nothing more is heard of it: Esc ends the click all the same."""
        node = texture("wood", checker(tmp_path / "wood.png"))
        cmds.select(node)
        if press is buttons.apply_locators:
            rgbcloud_maya.build_cloud(node, Recipe.of(colors=2))
        begun, goes_on = threading.Event(), threading.Event()
        stop = threading.Thread(target=lambda: (begun.wait(), press_escape()))

        def read_slowly(*arguments, **named):
            begun.set()
            goes_on.wait()
            raise CancelledError("too late")

        monkeypatch.setattr("rgbcloud_maya.cloud.cloud_source.count", read_slowly)
        monkeypatch.setattr("rgbcloud_maya.reducing.reduced_files.reduce_texture", read_slowly)
        stop.start()
        path = cmds.getAttr(f"{node}.fileTextureName")
        press()
        stop.join()
        assert begun.is_set()
        assert not goes_on.is_set()
        assert cmds.getAttr(f"{node}.fileTextureName") == path
        goes_on.set()


def test_nodes_that_would_have_one_name_get_it_in_their_order(tmp_path):
    checker(tmp_path / "wood.png")
    checker(tmp_path / "wood.jpg")
    nodes = [texture("first", tmp_path / "wood.png"), texture("second", tmp_path / "wood.jpg")]
    results = rgbcloud_maya.reduce(nodes, Recipe.of(colors=2))
    assert results[0].path.endswith("/wood.k2.png")
    assert not results[1].path.endswith("/wood.k2.png")
    assert Texture.find(results[1].path).paths
