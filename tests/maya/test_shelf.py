"""The shelf, as a script sees it: made once, brought up to date, removed; the user's own left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from maya import cmds, mel, utils

from rgbcloud_maya.ui import shelf

pytestmark = pytest.mark.interactive
ROOT = Path(__file__).resolve().parents[2] / "maya_plugin"
LABELS = [button.label for button in shelf.BUTTONS]


@pytest.fixture
def top():
    """The layout of all shelves."""
    return mel.eval("$test_top = $gShelfTopLevel")


@pytest.fixture
def ours(top):
    return f"{top}|rgbcloud"


@pytest.fixture
def saved():
    """The file that Maya saves our shelf to when it ends."""
    folder = Path(cmds.internalVar(userShelfDir=True))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "shelf_rgbcloud.mel"
    yield path
    for left in folder.glob("shelf_rgbcloud.mel*"):
        left.unlink()


def buttons(layout):
    return [f"{layout}|{name}" for name in cmds.shelfLayout(layout, query=True, childArray=True) or ()]


def labels(layout):
    return [cmds.shelfButton(button, query=True, label=True) for button in buttons(layout)]


def shelves(top):
    return cmds.shelfTabLayout(top, query=True, childArray=True)


class TestInstall:
    def test_one_shelf_with_our_buttons(self, top, ours):
        before = shelves(top)
        shelf.install()
        assert shelves(top) == [*before, "rgbcloud"]
        assert labels(ours) == LABELS

    def test_again_it_is_not_doubled(self, top, ours):
        shelf.install()
        before = shelves(top)
        shelf.install()
        assert shelves(top) == before
        assert labels(ours) == LABELS

    def test_an_old_button_is_brought_up_to_date(self, ours):
        shelf.install()
        cmds.shelfButton(buttons(ours)[1], edit=True, annotation="of an older version")
        shelf.install()
        assert cmds.shelfButton(buttons(ours)[1], query=True, annotation=True) == shelf.BUTTONS[1].annotation

    def test_the_current_tab_stays_in_front(self, top):
        cmds.shelfTabLayout(top, edit=True, selectTab="Rigging")
        shelf.install()
        assert cmds.shelfTabLayout(top, query=True, selectTab=True) == "Rigging"

    def test_it_stays_even_if_something_fails(self, top, monkeypatch):
        cmds.shelfTabLayout(top, edit=True, selectTab="Rigging")

        def fail(*_arguments, **_flags):
            raise RuntimeError("no icon")

        monkeypatch.setattr(cmds, "shelfButton", fail)
        with pytest.raises(RuntimeError, match="no icon"):
            shelf.install()
        monkeypatch.undo()
        assert cmds.shelfTabLayout(top, query=True, selectTab=True) == "Rigging"

    def test_the_user_s_own_button_on_our_shelf_stays(self, ours):
        shelf.install()
        cmds.shelfButton(parent=ours, label="Mine", command="sphere", sourceType="mel")
        shelf.install()
        assert sorted(labels(ours)) == sorted(["Mine", *LABELS])

    def test_a_button_of_the_user_s_with_a_label_like_ours_stays(self, ours):
        shelf.install()
        cmds.shelfButton(parent=ours, label="Reduce", command="polyReduce", sourceType="mel")
        shelf.install()
        assert sorted(labels(ours)) == sorted(["Reduce", *LABELS])

    def test_other_shelves_keep_their_buttons(self, top):
        cmds.shelfButton(parent=f"{top}|Animation", label="Cloud", command="sphere", sourceType="mel")
        shelf.install()
        shelf.remove()
        assert labels(f"{top}|Animation") == ["Cloud"]


class TestButtons:
    @pytest.mark.parametrize("number", range(len(LABELS)))
    def test_each_has_an_icon_of_ours_an_annotation_and_python_to_run(self, ours, number):
        shelf.install()
        button = buttons(ours)[number]
        image = cmds.shelfButton(button, query=True, image=True)
        assert (ROOT / "icons" / image).is_file()
        assert cmds.shelfButton(button, query=True, annotation=True).endswith(".")
        assert cmds.shelfButton(button, query=True, sourceType=True) == "python"
        compile(cmds.shelfButton(button, query=True, command=True), "button", "exec")

    @pytest.mark.parametrize("button", shelf.BUTTONS[:-1], ids=LABELS[:-1])
    def test_each_but_the_panel_offers_the_sizes_of_palettes(self, button):
        sizes = [text for text, _ in button.menu if text.endswith(" colours")]
        assert sizes == ["3 colours", "7 colours", "16 colours", "64 colours", "256 colours"]

    @pytest.mark.parametrize("button", shelf.BUTTONS, ids=LABELS)
    def test_what_they_run_exists(self, button):
        from rgbcloud_maya.ui import buttons as functions

        for source in (button.command, *(source for _, source in button.menu)):
            name = source.partition("buttons.")[2].partition("(")[0]
            assert callable(getattr(functions, name))


class TestRemove:
    def test_all_is_as_before(self, top):
        before = shelves(top)
        shelf.install()
        shelf.remove()
        assert shelves(top) == before

    def test_without_a_shelf_it_does_nothing(self, top):
        before = shelves(top)
        shelf.remove()
        assert shelves(top) == before

    def test_what_the_user_put_there_stays(self, top, ours):
        shelf.install()
        cmds.shelfButton(parent=ours, label="Mine", command="sphere", sourceType="mel")
        shelf.remove()
        assert labels(ours) == ["Mine"]

    def test_what_maya_saved_does_not_come_back(self, saved):
        shelf.install()
        saved.write_text("global proc shelf_rgbcloud () {}")
        shelf.remove()
        assert not saved.exists()
        assert saved.with_name("shelf_rgbcloud.mel.deleted").is_file()

    def test_what_maya_saved_stays_while_the_user_s_buttons_are_on_it(self, ours, saved):
        shelf.install()
        saved.write_text("global proc shelf_rgbcloud () {}")
        cmds.shelfButton(parent=ours, label="Mine", command="sphere", sourceType="mel")
        shelf.remove()
        assert saved.is_file()

    def test_the_option_variables_of_other_shelves_close_the_gap(self, top):
        # as Maya numbers them: ours between two others
        shelf.install()
        names = [*shelves(top)[:-2], "rgbcloud", shelves(top)[-2]]
        for number, name in enumerate(names, start=1):
            cmds.optionVar(stringValue=(f"shelfName{number}", name))
            cmds.optionVar(stringValue=(f"shelfFile{number}", f"shelf_{name}"))
            cmds.optionVar(intValue=(f"shelfLoad{number}", number % 2))
        loads = [cmds.optionVar(query=f"shelfLoad{number}") for number in range(1, len(names) + 1)]
        shelf.remove()
        left = [name for name in names if name != "rgbcloud"]
        numbers = range(1, len(left) + 1)
        assert [cmds.optionVar(query=f"shelfName{number}") for number in numbers] == left
        assert [cmds.optionVar(query=f"shelfFile{number}") for number in numbers] == [
            f"shelf_{n}" for n in left
        ]
        loads.pop(names.index("rgbcloud"))
        assert [cmds.optionVar(query=f"shelfLoad{number}") for number in numbers] == loads
        assert not cmds.optionVar(exists=f"shelfName{len(names)}")
        for option in cmds.optionVar(list=True):
            if option.startswith("shelf"):
                cmds.optionVar(remove=option)


class TestPlugin:
    """The shelf comes and goes with the plug-in."""

    @pytest.fixture
    def plugin(self):
        return str(ROOT / "plug-ins" / "rgbcloud_plugin.py")

    def test_it_is_there_once_maya_is_idle(self, top, ours, plugin):
        before = shelves(top)
        cmds.loadPlugin(plugin, quiet=True)
        assert shelves(top) == before  # a plug-in that loads by itself does so before there are shelves
        utils.processIdleEvents()
        assert labels(ours) == LABELS

    def test_it_goes_with_the_plug_in(self, top, plugin):
        before = shelves(top)
        cmds.loadPlugin(plugin, quiet=True)
        utils.processIdleEvents()
        cmds.unloadPlugin("rgbcloud_plugin")
        utils.processIdleEvents()
        assert shelves(top) == before

    def test_a_plug_in_that_is_unloaded_at_once_leaves_nothing(self, top, plugin):
        before = shelves(top)
        cmds.loadPlugin(plugin, quiet=True)
        cmds.unloadPlugin("rgbcloud_plugin")
        utils.processIdleEvents()
        assert shelves(top) == before

    def test_loading_twice_makes_one(self, top, ours, plugin):
        for _ in range(2):
            cmds.loadPlugin(plugin, quiet=True)
            utils.processIdleEvents()
            cmds.unloadPlugin("rgbcloud_plugin")
        cmds.loadPlugin(plugin, quiet=True)
        utils.processIdleEvents()
        assert shelves(top).count("rgbcloud") == 1
        assert labels(ours) == LABELS


class TestWithoutShelves:
    """A workspace may have no shelves: $gShelfTopLevel is empty then (section 11 of the fact sheet)."""

    @pytest.fixture
    def no_shelves(self, monkeypatch):
        evaluate = mel.eval
        monkeypatch.setattr(
            mel, "eval", lambda source: "" if "gShelfTopLevel" in source else evaluate(source)
        )

    def test_nothing_is_made_or_removed(self, top, no_shelves):
        before = shelves(top)
        shelf.install()
        shelf.remove()
        assert shelves(top) == before

    def test_the_menu_is_there_all_the_same(self, no_shelves, loaded_plugin, script_editor):
        utils.processIdleEvents()
        assert cmds.menu("rgbcloudMenu", exists=True)
        assert script_editor("warning") == []

    def test_a_shelf_that_fails_is_told_and_leaves_the_menu(self, monkeypatch, loaded_plugin, script_editor):
        def fail(*_arguments, **_flags):
            raise RuntimeError("no icon")

        monkeypatch.setattr(cmds, "shelfButton", fail)
        utils.processIdleEvents()
        monkeypatch.undo()
        assert cmds.menu("rgbcloudMenu", exists=True)
        assert script_editor("warning") == [
            "rgbcloud could not make its shelf (no icon); its menu offers the same"
        ]


def test_the_icons_are_what_their_program_draws(tmp_path):
    copy = tmp_path / "draw.py"
    copy.write_bytes((ROOT / "icons" / "draw.py").read_bytes())
    subprocess.run([sys.executable, "-S", str(copy)], check=True)
    drawn = {path.name: path.read_text() for path in tmp_path.glob("*.svg")}
    assert drawn == {path.name: path.read_text() for path in (ROOT / "icons").glob("*.svg")}
    assert {button.image for button in shelf.BUTTONS} <= set(drawn)
