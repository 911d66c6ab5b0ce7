"""What a camera sees of triangles."""

import numpy as np
import pytest

from rgbcloud.surface import surface_in_view

LOOK = np.diag([1.0, 1.0, -1.0, 0.0])
LOOK[2, 3] = -1.0  # from the origin along -z, 90 degrees wide and high: w is the distance
LOOK[3, 2] = -0.2


def quad(low, high, z, uv=(0, 1)):
    """Return a square that faces the camera: its points, and its UVs."""
    flat = np.array([[(0, 0), (1, 0), (1, 1)], [(0, 0), (1, 1), (0, 1)]], float)
    points = np.concatenate([low + (high - low) * flat, np.full((2, 3, 1), float(z))], axis=2)
    return points, uv[0] + (uv[1] - uv[0]) * flat


def seen(*quads):
    points, uvs = (np.concatenate(parts) for parts in zip(*quads))
    return surface_in_view(points, uvs, LOOK, 1.0)


def test_a_square_fills_its_part_of_the_frame_and_none_behind_or_beside_does():
    assert seen(quad(-1, 1, -2)).areas.sum() == pytest.approx(0.25, rel=0.01)
    assert seen(quad(-1, 1, -4)).areas.sum() == pytest.approx(0.25 / 4, rel=0.01)
    assert seen(quad(-1, 1, 2)).areas.sum() == 0
    assert seen(quad(5, 7, -2)).areas.sum() == 0
    assert seen(quad(0, 4, -2)).areas.sum() == pytest.approx(
        0.25, rel=0.01
    )  # a quarter of it is in the frame


def test_what_is_hidden_does_not_count_and_what_hides_need_not_have_uvs():
    points, uvs = quad(-0.5, 0, -1)
    wall = quad(-1, 1, -2)
    assert seen(wall, (points, uvs * np.nan)).areas.sum() == pytest.approx(0.25 * 3 / 4, rel=0.02)


def test_of_many_small_triangles_none_hides_its_neighbours():
    steps = np.linspace(-1, 1, 151)
    x, y = np.meshgrid(steps, steps)
    grid = np.stack([x, y, -2 - 0.8 * x], axis=-1)
    corners = [grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[:-1, :-1], grid[1:, 1:], grid[1:, :-1]]
    points = np.stack([corner.reshape(-1, 3) for corner in corners], axis=1).reshape(-1, 3, 3)
    whole = seen((points, np.zeros((len(points), 3, 2)))).areas.sum()
    large = grid[[0, 0, -1, -1], [0, -1, -1, 0]][[[0, 1, 2], [0, 2, 3]]]
    assert whole == pytest.approx(seen((large, np.zeros((2, 3, 2)))).areas.sum(), rel=0.03)


def test_the_nearer_end_of_a_floor_counts_more():
    floor = np.array(
        [[(-9, -1, -1), (9, -1, -1), (9, -1, -9)], [(-9, -1, -1), (9, -1, -9), (-9, -1, -9)]], float
    )
    uvs = floor[..., [0, 2]]
    view = seen((floor, uvs))
    distance = -view.uvs[view.triangles].mean(axis=1)[:, 1]
    nearer, farther = (view.areas[(distance > low) & (distance < low + 1)].sum() for low in (1, 4))
    # of the frame's height, 1 / d to 1 / (d + 1), as wide as the frame: 1/2 - 1/4 of it and 1/8 - 1/10
    assert nearer / farther == pytest.approx(0.25 / 0.025, rel=0.2)
