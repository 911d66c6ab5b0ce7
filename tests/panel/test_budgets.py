"""One budget for several textures: divided, looked at, and reduced, in the session and by clicks."""

from __future__ import annotations

import gui
import numpy as np
import pytest
from memory_host import MemoryHost
from PIL import Image

from rgbcloud import Goal, Texture
from rgbcloud_panel.controls import summaries
from rgbcloud_panel.state.budgets import Budgets
from rgbcloud_panel.work.pyramid import Region

ALL = ["sole", "face", "belt"]
TOTAL = 1800


@pytest.fixture
def host(tmp_path):
    """A scene of two small textures and a set of two tiles."""

    def save(name, size, spread):
        rng = np.random.default_rng(size)
        colors = rng.normal(128, spread, (40, 3)).clip(0, 255).astype(np.uint8)
        Image.fromarray(colors[rng.integers(0, 40, (size, size))]).save(tmp_path / name)

    for name, size, spread in (("sole.png", 24, 10), ("face.png", 32, 70)):
        save(name, size, spread)
    for number in (1001, 1002):
        save(f"belt.{number}.png", 16 + number % 2, 30)
    found = [Texture.find(tmp_path / name) for name in ("sole.png", "face.png", "belt.<UDIM>.png")]
    return MemoryHost(dict(zip(ALL, found)))


@pytest.fixture
def session(session):
    session.choose(ALL)
    return session


@pytest.fixture
def budgets(session):
    return Budgets(session)


def spent(host):
    return sum(path.stat().st_size for name in ALL for path in host.nodes[name].current)


def colors_of(session):
    return [session.state_of(ref).look.settings.colors for ref in session.chosen]


def test_it_is_divided_looked_at_and_kept_when_all_are_reduced(session, budgets, host):
    budgets.divide("1.8 kB")
    budget = budgets.divided
    assert 0.95 * TOTAL <= budget.spent <= TOTAL
    assert session.message.text.endswith("Reduce writes them.")
    assert colors_of(session) == [share.colors for share in budget.shares.values()]
    assert spent(host) > TOTAL  # nothing is written yet
    session.settle()
    session.reduce()
    assert spent(host) == budget.spent
    session.undo()
    assert colors_of(session) == [16, 16, 16]  # one step
    assert budgets.divided is None
    session.redo()
    assert budgets.divided is budget
    session.change(dither="bayer")  # which other bytes follow from
    assert budgets.divided is None


def test_what_a_mask_leaves_out_gets_less_and_a_goal_gives_way(session, budgets, tmp_path):
    session.set_goal(Goal(knee=True))
    budgets.divide("1.8 kB")
    assert session.goal is None
    before = colors_of(session)[1]
    session.choose(ALL[1:2])
    mask = Image.new("L", (32, 32))
    mask.paste(255, (0, 0, 8, 32))
    mask.save(tmp_path / "part.png")
    session.choose_mask(tmp_path / "part.png")
    session.choose(ALL)
    budgets.divide("1.8 kB")
    assert colors_of(session)[1] < before


@pytest.mark.parametrize(
    ("text", "told"),
    [("much", "'much' is no number of bytes"), ("300", "300 bytes are too few: with 2 colours each")],
)
def test_what_cannot_be_divided_is_told(text, told, session, budgets):
    budgets.divide(text)
    assert session.message.text.startswith(told)
    assert session.message.is_error
    assert budgets.divided is None
    assert colors_of(session) == [16, 16, 16]


def test_a_palette_by_hand_is_refused_and_a_shared_one_is_no_matter_of_it(session, budgets):
    session.recolor(0, (1, 2, 3))
    budgets.divide("1.8 kB")
    assert session.message.text.startswith("sole: its palette was made by hand")
    session.reset()
    session.share(True)
    assert not budgets.can_divide


def test_what_cannot_be_read_is_left_out_and_named(session, budgets, host):
    path = host.nodes["face"].original[0]
    path.write_bytes(b"nothing")
    budgets.divide("1.8 kB")
    assert path.name in session.message.text
    assert set(budgets.divided.shares) == {0, 2}


def test_by_hand(shown, host):
    panel = shown
    for row in (1, 2):
        gui.choose(panel, row, gui.QtCore.Qt.KeyboardModifier.ControlModifier)
    gui.settle(panel)
    control = panel.controls.budget_row
    gui.click(panel.controls.folds["budget"].heading)
    assert not control.table.isVisible()
    control.total.selectAll()
    gui.QtTest.QTest.keyClicks(control.total, "1.8 kB")
    gui.click(control.button)
    gui.wait_until(lambda: control.table.isVisible())
    gui.settle(panel)
    cells = [[control.table.topLevelItem(row).text(column) for column in range(3)] for row in range(3)]
    assert sorted(row[0] for row in cells) == sorted(ALL)
    assert [row[1] for row in cells] == [str(number) for number in colors_of(panel.session)]
    assert "of 1.8 kB. One more megabyte would lower the error by" in control.more.text()
    assert "of 1.8 kB" in panel.controls.folds["budget"].heading.toolTip()
    gui.click(panel.actions_box.reduce)
    gui.wait_until(lambda: spent(host) <= TOTAL)
    gui.click(panel.undo_button)
    gui.wait_until(lambda: not control.table.isVisible())


def test_the_memory_that_a_host_holds_is_told_whatever_the_size(session):
    session.bench.look_at(Region(0, 0, 0, 24, 24))
    session.settle()
    assert summaries.size(session) == "as it is, 2.3 kB in memory"
    session.change(max_size=12, enlarge=2)
    session.settle()
    assert summaries.size(session) == "at most 12 x 2, 2.3 kB in memory"


def test_it_can_be_cancelled(session, budgets, run, host):
    run.held.add("write")
    budgets.divide("1.8 kB")
    assert session.is_writing
    assert not budgets.can_divide
    session.cancel()
    assert session.message.text == "cancelled"
    assert budgets.divided is None
    assert budgets.can_divide
