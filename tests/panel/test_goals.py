"""Goals that choose the number of colours: in the session, and by clicks and keys."""

from __future__ import annotations

import gui
import pytest
from at_once import WHOLE, AtOnce, look_at
from memory_host import MemoryHost
from Qt import QtWidgets

from rgbcloud import Goal, Recipe, Settings, count, read, reduce
from rgbcloud_panel.panel import Panel
from rgbcloud_panel.state.session import Session


@pytest.fixture
def session(session):
    look_at(session, "flower1")
    session.events.subscribe(session.settle, "unsettled")  # as the panel does when the hand rests
    return session


def expected(session, goal, **settings):
    recipe = Recipe(Settings(**settings), goal=goal)
    return reduce(session.chosen[0].files[0], recipe).report.colors_after


class TestSession:
    @pytest.mark.parametrize(
        "goal", [Goal(psnr=28.0), Goal(delta_e=4.0), Goal(max_bytes=20_000), Goal(knee=True)]
    )
    def test_a_goal_leads_to_the_number_that_the_core_chooses(self, session, goal):
        session.set_goal(goal)
        colors = expected(session, goal)
        assert session.settings.colors == colors != 16
        assert len(session.state.exact.palette) == colors
        assert session.goal == goal

    def test_another_texture_gets_its_own_number(self, session):
        goal = Goal(psnr=28.0)
        session.set_goal(goal)
        flower = session.settings.colors
        session.choose(["china1"])
        session.bench.look_at(WHOLE)
        assert session.settings.colors == expected(session, goal) != flower
        assert session.goal == goal

    def test_each_of_several_is_reduced_to_its_own_number(self, session, host):
        goal = Goal(psnr=28.0)
        session.set_goal(goal)
        numbers = {"flower1": session.settings.colors}
        session.choose(["china1"])
        session.bench.look_at(WHOLE)
        numbers["china1"] = session.settings.colors
        assert len(set(numbers.values())) == 2
        session.choose(["flower1", "china1"])
        session.bench.look_at(WHOLE)
        session.reduce()
        for name, number in numbers.items():
            (file,) = host.nodes[name].current
            assert file.name == f"{name[:-1]}.k{number}.png"
            assert len(count(file).histogram) == number

    def test_one_is_named_by_its_number_once_that_is_known(self, session, host, run):
        run.held.add("choose")
        session.set_goal(Goal(knee=True))
        session.reduce()
        assert host.nodes["flower1"].current[0].name == "flower.knee.png"
        run.release("choose")
        session.reduce()
        assert host.nodes["flower1"].current[0].name == f"flower.k{session.settings.colors}.png"

    def test_other_settings_make_it_choose_anew(self, session):
        session.set_goal(Goal(psnr=28.0))
        session.change(space="oklab")
        assert session.settings.colors == expected(session, Goal(psnr=28.0), space="oklab")
        assert session.goal == Goal(psnr=28.0)

    def test_a_number_that_the_user_chooses_ends_it(self, session, host):
        session.set_goal(Goal(knee=True))
        session.change(colors=50)
        assert session.goal is None
        assert len(session.state.exact.palette) == 50
        assert Session(host, AtOnce()).goal is None

    def test_undo_brings_the_number_of_before_back(self, session):
        session.set_goal(Goal(psnr=28.0))
        session.undo()
        assert (session.settings.colors, session.goal) == (16, None)

    def test_an_edited_palette_is_left_alone_by_the_goal_of_before(self, session):
        session.set_goal(Goal(psnr=28.0))
        colors = session.settings.colors
        session.merge([0, 1, 2])
        session.change(dither="bayer")
        assert len(session.state.exact.palette) == colors - 2
        session.reset()
        assert session.settings.colors == expected(session, Goal(psnr=28.0), dither="bayer")

    def test_a_goal_keeps_what_a_hand_has_changed(self, session):
        cluster = session.state.edited.clusters.to_hex()[3]
        session.recolor(3, (255, 0, 0))
        session.set_goal(Goal(psnr=28.0))
        colors = expected(session, Goal(psnr=28.0), locked=(cluster,))
        assert session.settings.colors == len(session.state.exact.palette) == colors
        assert "#ff0000" in session.palette.to_hex()

    def test_what_a_hand_has_changed_is_not_lost_while_the_number_is_looked_for(self, session, run, host):
        session.recolor(3, (255, 0, 0))
        run.held.add("choose")
        session.set_goal(Goal(psnr=28.0))
        session.reduce()
        assert "flower1: how many colours reach its goal is not known yet" in session.message.text
        assert host.nodes["flower1"].current == host.nodes["flower1"].original
        run.release("choose")
        session.reduce()
        texels = read(host.nodes["flower1"].current[0]).values.reshape(-1, 3)
        assert (texels == (255, 0, 0)).all(axis=1).any()

    def test_what_cannot_be_reached_is_told_and_the_result_is_there(self, session):
        session.set_goal(Goal(psnr=99.0))
        assert "no palette of 256 colours reaches a PSNR of 99 dB: it comes to" in session.message.text
        assert session.message.is_error
        assert len(session.state.exact.palette) == 16
        session.set_goal(Goal(psnr=28.0))
        assert session.settings.colors == expected(session, Goal(psnr=28.0))

    def test_a_file_size_is_about_one_file(self, session):
        session.set_goal(Goal(max_bytes=20_000))
        session.choose(["wall1"])
        session.bench.look_at(WHOLE)
        assert "a goal of max_bytes needs one image" in session.message.text
        assert session.state.exact is not None

    def test_it_can_be_cancelled_and_the_number_stays(self, session, run):
        run.held.add("choose")
        session.set_goal(Goal(knee=True))
        work = run.waiting["choose"]
        work[4](0.3, "trying numbers of colours")
        assert session.progress == (0.3, "trying numbers of colours")
        session.cancel()
        assert session.goal is None
        assert "choose" not in run.waiting
        assert (session.settings.colors, len(session.state.exact.palette)) == (16, 16)

    def test_an_answer_to_an_old_question_is_not_taken(self, session, run):
        run.held.add("choose")
        session.set_goal(Goal(knee=True))
        old = run.waiting["choose"]
        session.change(space="cielab")
        run.held.clear()
        old[2](200)
        assert session.settings.colors == 16

    def test_it_is_remembered(self, session, host):
        session.set_goal(Goal(psnr=28.0))
        assert Session(host, AtOnce()).goal == Goal(psnr=28.0)

    def test_what_another_release_remembered_does_no_harm(self, host):
        for text in ("nonsense", '{"beauty": 2}', '{"psnr": -1}', "[]"):
            host.memory["goal"] = text
            assert Session(host, AtOnce()).goal is None


def choose_kind(shown, label):
    """Open the box and click on an entry."""
    box = shown.controls.goal.kind
    gui.click(box)
    view = box.view()
    gui.wait_until(view.isVisible)
    row = [box.itemText(index) for index in range(box.count())].index(label)
    index = view.model().index(row, 0)
    QtWidgets.QApplication.processEvents()
    QtWidgets.QApplication.instance().setDoubleClickInterval(0)
    view.scrollTo(index)
    gui.move(view.viewport(), view.visualRect(index).center())
    gui.click(view.viewport(), view.visualRect(index).center())


def enter(spin, text):
    spin.lineEdit().selectAll()
    gui.QtTest.QTest.keyClicks(spin.lineEdit(), text)
    gui.press(spin, gui.KEY.Key_Return)


class TestByHand:
    def test_the_number_follows_the_psnr_that_is_typed(self, shown):
        control = shown.controls.goal
        assert not control.value.isVisible()
        gui.press(control.kind, gui.KEY.Key_Down)
        assert control.value.isVisible()
        enter(control.value, "28")
        gui.wait_until(lambda: shown.session.settings.colors != 16)
        gui.settle(shown)
        assert shown.controls.controls["colors"].spin.value() == len(shown.session.state.exact.palette)
        assert float(shown.numbers.values["PSNR"].text().split()[0]) >= 28

    def test_the_knee_by_mouse_and_back(self, shown):
        choose_kind(shown, "What pays off")
        gui.wait_until(lambda: shown.session.settings.colors != 16)
        gui.settle(shown)
        gui.click(shown.controls.controls["colors"].stops[7])
        gui.settle(shown)
        assert shown.controls.goal.kind.currentText() == "By hand"
        assert len(shown.session.state.exact.palette) == 7

    def test_a_file_size_in_kilobytes(self, shown):
        control = shown.controls.goal
        choose_kind(shown, "For a file size")
        enter(control.value, "20")
        gui.wait_until(lambda: shown.session.goal == Goal(max_bytes=20_000))
        gui.wait_until(lambda: shown.session.settings.colors != 16)
        gui.settle(shown)
        assert shown.session.state.report.bytes_after <= 20_000

    def test_every_value_of_its_own(self, shown):
        control = shown.controls.goal
        gui.press(control.kind, gui.KEY.Key_Down)
        enter(control.value, "28")
        gui.press(control.kind, gui.KEY.Key_Down)
        assert control.value.text() == "2.0 dE"
        gui.press(control.kind, gui.KEY.Key_Down)
        assert control.value.text() == "100.0 kB"
        gui.press(control.kind, gui.KEY.Key_Up)
        gui.press(control.kind, gui.KEY.Key_Up)
        assert control.value.text() == "28.0 dB"

    def test_tab_reaches_it_and_all_of_it_says_what_it_is(self, shown):
        control = shown.controls.goal
        gui.press(control.kind, gui.KEY.Key_Down)
        for widget in (control.kind, control.value):
            assert widget.toolTip()
            assert widget.accessibleName()
            assert widget.focusPolicy() & gui.QtCore.Qt.FocusPolicy.TabFocus

    def test_another_panel_begins_with_it(self, shown, qtbot, host):
        gui.press(shown.controls.goal.kind, gui.KEY.Key_Down)
        other = Panel(MemoryHost({}, memory=host.memory))
        qtbot.addWidget(other)
        assert other.controls.goal.kind.currentText() == "For a PSNR"
        other.shut_down()
