"""From texels to faces."""

import numpy as np
import pytest
from PIL import Image

from rgbcloud import InvalidArgumentError, Recipe, reduce
from rgbcloud.surface import NO_CLUSTER, clusters_of_faces, look_up

QUAD = np.array([[(0, 0), (1, 0), (1, 1)], [(0, 0), (1, 1), (0, 1)]], float)


def test_points_are_spread_evenly_over_a_triangle():
    across = np.broadcast_to(np.arange(1000) + 0.5, (4, 1000)) / 1000
    seen = look_up(np.array([[(0, 0), (1, 0), (0, 1)]], float), {None: across})
    assert seen.mean() == pytest.approx(1 / 3, abs=0.03)


def test_texels_are_looked_up_by_tiles_or_again_and_again():
    texels = np.arange(4.0).reshape(2, 2)
    point = np.broadcast_to([1.25, 0.25], (1, 3, 2))
    assert (look_up(point, {None: texels}) == 2).all()
    assert np.isnan(look_up(point, {(0, 0): texels})).all()
    assert (look_up(point, {(0, 0): texels, (1, 0): texels + 10}) == 12).all()


def test_a_face_belongs_to_the_cluster_that_it_shows_most_of():
    texels = np.zeros((8, 8))
    texels[:, 6:] = 1
    labels = look_up(QUAD, {None: texels})
    both, areas = np.array([7, 7]), np.array([1.0, 1.0])
    assert [found.tolist() for found in clusters_of_faces(labels, both, areas)] == [[7], [0]]
    assert clusters_of_faces(labels, both, areas, threshold=0.6)[1].tolist() == [0]
    assert clusters_of_faces(labels, both, areas, threshold=0.9)[1].tolist() == [NO_CLUSTER]
    nothing = np.full(labels.shape, np.nan)
    assert clusters_of_faces(nothing, both, areas)[1].tolist() == [NO_CLUSTER]


def test_the_parts_of_a_face_count_by_their_areas():
    labels = np.array([[0.0] * 16, [1.0] * 16])
    assert clusters_of_faces(labels, np.array([3, 3]), np.array([1.0, 2.0]))[1].tolist() == [1]


def test_the_map_of_errors_has_the_mean_of_the_report(tmp_path, photo):
    Image.fromarray(photo[:64, :64]).save(tmp_path / "wood.png")
    reduction = reduce(tmp_path / "wood.png", Recipe.of(colors=5))
    differences = reduction.delta_e_map()
    assert differences.shape == (64, 64)
    assert differences.mean() == pytest.approx(reduction.report.delta_e, rel=1e-3)
    exact = reduce(tmp_path / "wood.png", Recipe.of(colors=5, kind="data"))
    with pytest.raises(InvalidArgumentError, match="holds no colours"):
        exact.delta_e_map()
