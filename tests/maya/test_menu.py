"""The menu in the main window, and both menu and shelf in a Maya without windows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from maya import cmds, mel, utils

import rgbcloud
from rgbcloud_maya.ui import menu, shelf_and_menu

PLUGIN = str(Path(__file__).resolve().parents[2] / "maya_plugin" / "plug-ins" / "rgbcloud_plugin.py")
MENU = "MayaWindow|rgbcloudMenu"


def menus():
    return cmds.window(mel.eval("$test_window = $gMainWindow"), query=True, menuArray=True)


def entries(path):
    """All entries below a menu: label and command; submenus as lists."""
    found = []
    for name in cmds.menu(path, query=True, itemArray=True) or ():
        item = f"{path}|{name}"
        if cmds.menuItem(item, query=True, divider=True):
            continue
        label = cmds.menuItem(item, query=True, label=True)
        if cmds.menuItem(item, query=True, subMenu=True):
            found.append((label, entries(item)))
        else:
            assert cmds.menuItem(item, query=True, sourceType=True) == "python"
            found.append((label, cmds.menuItem(item, query=True, command=True)))
    return found


@pytest.mark.interactive
class TestMenu:
    def test_it_stands_in_the_main_window(self):
        before = menus()
        menu.install()
        assert menus() == [*before, "rgbcloudMenu"]
        assert cmds.menu(MENU, query=True, label=True) == "rgbcloud"

    def test_again_it_is_not_doubled(self):
        menu.install()
        before, listed = menus(), entries(MENU)
        menu.install()
        assert menus() == before
        assert entries(MENU) == listed

    def test_removed_it_is_gone(self):
        before = menus()
        menu.install()
        menu.remove()
        menu.remove()
        assert menus() == before

    def test_sizes_of_palettes_can_be_chosen(self):
        menu.install()
        listed = dict(entries(MENU))
        for label in ("Reduce Textures", "Build Cloud"):
            assert [size for size, _ in listed[label]] == [f"{k} colours" for k in (3, 7, 16, 64, 256)]

    def test_all_that_is_run_exists(self):
        from rgbcloud_maya.ui import buttons

        menu.install()
        commands = [source for _, below in entries(MENU) for source in _sources(below)]
        assert len(commands) == 21
        for source in commands:
            compile(source, "entry", "exec")
            assert callable(getattr(buttons, source.partition("buttons.")[2].partition("(")[0]))

    def test_it_comes_and_goes_with_the_plug_in(self):
        before = menus()
        cmds.loadPlugin(PLUGIN, quiet=True)
        utils.processIdleEvents()
        assert menus() == [*before, "rgbcloudMenu"]
        cmds.unloadPlugin("rgbcloud_plugin")
        assert menus() == before

    @pytest.mark.parametrize(("cores", "left"), [(8, 7), (1, 1)])
    def test_a_core_is_left_to_the_interface(self, cores, left, monkeypatch):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(cores), raising=False)
        try:
            shelf_and_menu.install_ui()
            utils.processIdleEvents()
            assert rgbcloud.thread_count() == left
        finally:
            rgbcloud.set_thread_count(None)
            shelf_and_menu.remove_ui()


def _sources(below):
    return [source for _, source in below] if isinstance(below, list) else [below]


class TestBatch:
    def test_the_plug_in_makes_nothing(self, count_commands):
        cmds.loadPlugin(PLUGIN, quiet=True)
        with count_commands() as counted:
            utils.processIdleEvents()
        assert counted.names == []
        cmds.unloadPlugin("rgbcloud_plugin")

    def test_asked_to_it_makes_nothing_either(self):
        shelf_and_menu.install_ui()
        utils.processIdleEvents()
        shelf_and_menu.remove_ui()
