"""What is computed of the texture that is shown, and when: read, count, preview, then the exact result."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Callable

from rgbcloud_panel.work import exact_result, loading, memory, previews

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import PointCloud, Progress, Settings
    from rgbcloud_panel.edits.editing import EditedPalette
    from rgbcloud_panel.edits.history import Look
    from rgbcloud_panel.state.texture_state import TextureState
    from rgbcloud_panel.work.background import Background, Lane, Result
    from rgbcloud_panel.work.events import Events, Topic
    from rgbcloud_panel.work.loading import CountedColors, Masked, Picture
    from rgbcloud_panel.work.previews import Difference, DitherCurve, Rebuilt, Sketch
    from rgbcloud_panel.work.pyramid import Region

_OF_COLORS: tuple[Lane, ...] = ("view", "points", "choose", "exact", "difference", "curve")
"""Lanes of what depends on how colours were counted."""
_TOPICS_OF_COLORS: tuple[Topic, ...] = (
    "counted", "cloud", "palette", "after", "picked", "difference", "numbers",
)  # fmt: skip
Failed = Callable[["TextureState", Exception], object]


class Workbench:
    """Keeps what is known of one texture up to date.

    What goes wrong with a texture, `failed` is told.
    """

    def __init__(self, state: TextureState, background: Background, events: Events, failed: Failed) -> None:
        self.state = state
        self.sources: Sequence[Masked] = ()
        """The textures that are counted together."""
        self.background = background
        self.events = events
        self.failed = failed
        self._region: Region | None = None
        self._compares = False
        self._settles_later = False
        self._makes_points = False
        self._asked = self._answered = 0  # numbers of quick results
        self._sought: object = None  # what number of colours is being looked for

    # Reading and counting

    def open(self, state: TextureState, sources: Sequence[Masked]) -> None:
        """Show another texture, of which what was computed before is still there.

        `sources` are counted together, the shown one first; there are none where there are no files.
        """
        self._drop("load", *_OF_COLORS)
        self.state, self.sources, self._region = state, sources, None
        if sources and state.counted is None:
            state.message = None  # that of an earlier try
        self.events.emit("source", *_TOPICS_OF_COLORS, "settings", "goal", "history", "message")
        if state.picture is None:
            self._read()
        elif state.counted is None:
            self._sketch()
        elif state.exact is None:
            self._preview()
            self._follow_points()
        else:
            self._show_exact()

    def count_again(self, sources: Sequence[Masked]) -> None:
        """Count anew, by other masks; the picture, and what an artist has made, stay."""
        self.sources = sources
        self.state.message = None
        self.events.emit("message")
        if self.state.picture is not None:
            self._forget_colors()
            self._sketch()

    def _read(self, known: CountedColors | None = None, *, anew: bool = False) -> None:
        """Read the picture, or show it in another light; what is shown until it is there stays."""
        if not self.sources:
            return
        state = self.state
        image = None
        if not anew and state.picture is not None and state.picture.number == state.number:
            image = state.picture.image
        work = partial(loading.load, self.sources, state.look.settings, state.number, image)
        self.background.run(
            "load", work, partial(self._have_picture, known), partial(self._have_not_read, state)
        )

    def _have_not_read(self, state: TextureState, error: Exception) -> None:
        state.is_broken = state.picture is None
        self.failed(state, error)
        self.events.emit("source", "thumbnail")

    def turn_to(self, number: int) -> None:
        """Show another of the images that are counted together; what is shown until it is there stays."""
        state = self.state
        if number == state.number or not self.sources:
            return
        state.number = number
        if state.counted is None:
            self._read()  # what was read so far is of no use
            return
        self._drop("load", "view", "exact", "difference")
        work = partial(loading.load, self.sources, state.look.settings, number, None)
        self._run("load", work, self._have_other_picture)

    def _have_other_picture(self, picture: Picture) -> None:
        self.state.picture, self.state.rebuilt = picture, None
        self.state.forget_exact()
        self.events.emit("source", "after", "difference", "numbers")
        self._preview()

    def _have_picture(self, known: CountedColors | None, picture: Picture) -> None:
        self.state.picture = picture
        if self.state.is_broken:
            self.state.is_broken = False
            self.events.emit("thumbnail")
        self._forget_colors("source")
        if known is None:
            self._sketch()
        else:
            self._count(known)

    def _sketch(self) -> None:
        """Show a first palette, made of a small copy, and count then: together they would take longer."""
        state = self.state
        if state.picture is not None:
            work = partial(previews.sketch, state.picture, state.look)
            self.background.run("load", work, self._have_sketch, lambda _error: self._count())

    def _forget_colors(self, *topics: Topic) -> None:
        self._drop(*_OF_COLORS)
        self.state.forget_colors()
        self.events.emit(*topics, *_TOPICS_OF_COLORS)

    def _count(self, known: CountedColors | None = None) -> None:
        state = self.state
        if state.picture is not None:
            settings = state.look.settings
            work = partial(loading.count_colors, state.picture, self.sources, settings, known)
            self._run("load", work, self._have_counted)

    def _have_counted(self, counted: CountedColors) -> None:
        self.state.counted = counted
        self.events.emit("counted", "numbers")
        self._preview()
        self._follow_points()

    def _have_sketch(self, sketch: Sketch) -> None:
        self.state.rebuilt, self.state.cloud = sketch.rebuilt, sketch.cloud
        self._adopt(sketch.rebuilt.edited)
        self.events.emit("after", "cloud")
        self._count()

    # The cloud

    def _follow_points(self) -> None:
        """Let the cloud be of all colours, and in the clusters of the exact result once that is there."""
        state, exact = self.state, self.state.exact
        if state.picture is None or state.counted is None or self._makes_points:
            return
        if state.points is None:
            self._makes_points = True
            self._run("points", partial(loading.cloud_of, state.picture, state.counted), self._have_points)
        elif exact is not None and (state.cloud is None or state.cloud.palette != exact.palette):
            work = partial(previews.clusters_of, state.points, exact.edited, exact.space)
            self._run("points", work, self._have_clusters)

    def _have_points(self, points: PointCloud) -> None:
        self._makes_points = False
        self.state.points = self.state.cloud = points
        self.events.emit("cloud")
        self._follow_points()

    def _have_clusters(self, cloud: PointCloud) -> None:
        self.state.cloud = cloud
        self.events.emit("cloud")

    # Looks

    def show(self, look: Look, place: Callable[[int], int] | None = None) -> None:
        """Show another look, and compute what depends on what has changed, and nothing else.

        `place` returns where a colour of the shown palette is in the one of the look.
        """
        state, before, counted = self.state, self.state.look, self.state.counted
        if look == before:
            return
        state.history.look = look
        if state.message is not None and (state.message.is_error or look.edited is not None):
            state.message = None
        self.events.emit("settings", "goal", "message")
        if self._sought is not None and self._sought != state.question:
            self.stop_seeking()
        if look.edited is not None and look.edited != before.edited:
            self._adopt(look.edited, place)
        colors_differ = _colors_of(look.settings) != _colors_of(before.settings)
        if colors_differ and not look.settings.is_scaled:
            self._read(counted)
        elif colors_differ or _texels_of(look.settings) != _texels_of(before.settings):
            self._read(anew=look.settings.frames != before.settings.frames)
        elif replace(look, goal=before.goal) != before:
            self._preview()
        else:
            self.events.emit("unsettled")

    def _adopt(self, edited: EditedPalette, place: Callable[[int], int] | None = None) -> None:
        picked = self.state.picked
        self.state.adopt(edited)
        if place is not None and picked is not None:
            self.state.picked = place(picked)
        self.events.emit("palette", "picked")

    # The quick result

    def look_at(self, region: Region) -> None:
        """Take note of what part of the picture is in view, which is what a quick result is made for."""
        self._region = region
        if self.state.exact is None:
            self._rebuild()
        self._compare()

    def _preview(self) -> None:
        """Show a quick result and ask for an exact one."""
        self._drop("exact")
        self.state.forget_exact()
        self._rebuild()
        self.events.emit("numbers", "unsettled")

    def _rebuild(self) -> None:
        state = self.state
        if state.picture is None or state.counted is None or self._region is None:
            return
        self._asked += 1
        work = partial(previews.rebuild, state.picture, state.counted, self._region, state.look)
        number = self._asked
        self.background.run(
            "view", work, partial(self._have_rebuilt, number), partial(self._have_not_rebuilt, number)
        )

    def _have_not_rebuilt(self, number: int, error: Exception) -> None:
        self._note_answer(number)
        self.failed(self.state, error)

    def _have_rebuilt(self, number: int, rebuilt: Rebuilt) -> None:
        self._note_answer(number)
        state = self.state
        if state.exact is not None:
            return
        by_hand = state.look.edited
        if by_hand is not None and by_hand.clusters != rebuilt.edited.clusters:
            return  # it was asked for before the hand changed the palette
        state.rebuilt = rebuilt
        if state.edited is None or (by_hand is None and state.edited != rebuilt.edited):
            self._adopt(rebuilt.edited)
        elif by_hand is not None and state.edited.clusters != by_hand.clusters:
            self._adopt(by_hand)
        self.events.emit("after")
        is_colors = state.look.settings.kind != "labels"
        if number == self._asked and state.look.settings.dither != "none" and is_colors:
            self._dither(rebuilt)

    def _dither(self, rebuilt: Rebuilt) -> None:
        """Show the dither, too, since the hand rests for a moment."""
        state = self.state
        if state.picture is not None:
            work = partial(previews.dither, state.picture, rebuilt, state.look.settings)
            self.background.run("view", work, partial(self._have_dithered, rebuilt), _pass)

    def _have_dithered(self, before: Rebuilt, rebuilt: Rebuilt) -> None:
        if self.state.rebuilt is before:
            self.state.rebuilt = rebuilt
            self.events.emit("after")

    def _note_answer(self, number: int) -> None:
        self._answered = number
        if self._settles_later and not self._is_previewing:
            self._settles_later = False
            self.events.emit("unsettled")

    @property
    def _is_previewing(self) -> bool:
        return self._answered != self._asked

    # The number of colours

    def seek(self) -> bool:
        """Start to look for the number of colours where a goal asks for it; return whether that goes on."""
        state = self.state
        if not state.is_goal_open or state.picture is None or state.counted is None:
            return False
        question = state.question
        if question == self._sought:
            return True
        self._sought = question
        recipe = state.look.goal_recipe()
        work = partial(exact_result.choose_colors, state.picture, state.counted, recipe)
        self.background.run(
            "choose", work, partial(self._take_goal, question), partial(self._found_none, question)
        )
        return True

    def stop_seeking(self) -> None:
        """Look for no number any more."""
        self._drop("choose")

    def _take_goal(self, question: object, colors: int) -> None:
        if question != self._sought:
            return
        self._sought, self.state.answered = None, question
        look = self.state.look
        if colors == look.settings.colors:
            self.events.emit("unsettled")  # the exact result has waited for this
        else:
            self.show(replace(look, settings=replace(look.settings, colors=colors)))

    def _found_none(self, question: object, error: Exception) -> None:
        self._sought, self.state.answered = None, question
        self.failed(self.state, error)
        self.events.emit("unsettled")

    # The exact result

    def may_settle(self) -> bool:
        """Return whether no quick result is on its way; if one is, ``"unsettled"`` is told once it is there.

        It comes first: the two would slow each other down.
        """
        self._settles_later = self._is_previewing
        return not self._is_previewing

    def reduce_exactly(self) -> None:
        """Compute the exact result, if it is not there."""
        state = self.state
        if state.picture is None or state.counted is None or state.exact is not None:
            return
        work = partial(exact_result.reduce_exactly, state.picture, state.counted, state.look)
        self._run("exact", work, self._have_exact)

    def _have_exact(self, exact: exact_result.Exact) -> None:
        self._drop("view")
        self.state.exact, self.state.rebuilt = exact, None
        self._adopt(exact.edited)
        self._show_exact()
        self.background.run("memory", memory.give_back, _pass, _pass)

    def _show_exact(self) -> None:
        """Tell that the exact result is there, and compute what is still missing beside it."""
        state, exact = self.state, self.state.exact
        if exact is None or state.counted is None:
            return
        self.events.emit("after", "numbers")
        self._follow_points()
        self._follow_dither()
        self._compare()

    def _follow_dither(self) -> None:
        """Measure what a dither adds to the error of every number of colours."""
        state, settings = self.state, self.state.look.settings
        curve = previews.DitherCurve.of(settings)
        is_known = state.dither_curve is not None and state.dither_curve.settings == curve.settings
        is_dithered = settings.dither != "none" and settings.kind != "labels"
        if is_known or state.picture is None or state.counted is None:
            return
        if is_dithered:
            self._run("curve", partial(curve.measure, state.picture, state.counted), self._have_dither_curve)
        else:
            self._have_dither_curve(curve)

    def _have_dither_curve(self, curve: DitherCurve) -> None:
        self.state.dither_curve = curve
        self.events.emit("counted")

    def measure_similarity(self) -> None:
        """Compute the SSIM of the exact result, which takes longer than that itself."""
        exact = self.state.exact
        if exact is not None and self.state.ssim is None:
            self._run("exact", partial(exact_result.similarity, exact.reduction), self._have_similarity)

    def _have_similarity(self, similarity: float | None) -> None:
        self.state.ssim = similarity
        self.events.emit("numbers")

    def compare(self, wanted: bool) -> None:
        """Compute the colour difference of what is in view from now on, or no more."""
        self._compares = wanted
        self._compare()

    def _compare(self) -> None:
        state = self.state
        if self._compares and state.exact is not None and state.picture is not None and self._region:
            before, after = state.picture.pyramid, state.exact.pyramid
            work = partial(previews.compare, before, after, self._region)
            self._run("difference", work, self._have_difference)

    def _have_difference(self, difference: Difference) -> None:
        self.state.difference = difference
        self.events.emit("difference")

    # Lanes

    def _run(self, lane: Lane, work: Callable[[Progress], Result], done: Callable[[Result], object]) -> None:
        self.background.run(lane, work, done, partial(self.failed, self.state))

    def _drop(self, *lanes: Lane) -> None:
        self.background.drop(*lanes)
        if "view" in lanes:
            self._answered, self._settles_later = self._asked, False
        if "choose" in lanes:
            self._sought = None
        if "points" in lanes:
            self._makes_points = False


def _pass(_answer: object) -> None:
    """Let it be: nothing is made of it, or what comes next tells what is wrong."""


def _texels_of(settings: Settings) -> tuple[object, ...]:
    """Return what settings say of which texels there are, and which of them count."""
    kind = settings.kind if settings.alpha == "auto" or settings.is_scaled else ""
    space = settings.space if settings.is_scaled else ""
    return settings.alpha, kind, settings.frames, settings.max_size, settings.scale, space


def _colors_of(settings: Settings) -> tuple[object, ...]:
    """Return what settings say of the colours of textures, which are read again when it changes."""
    return settings.linear, settings.color_space, settings.ocio
