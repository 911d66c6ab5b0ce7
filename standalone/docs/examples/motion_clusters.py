"""Clusters of motion: the tutorial's aside, the same two steps for things that move.

A mesh moves. Which vertices move together? Every vertex is the path that it takes, and a cluster is not a
mean but a rigid motion: a rotation and a shift for every frame. Then it is k-means again. *Assign*: a vertex
joins the motion that carries it nearest to where it really goes. *Update*: a motion becomes the one that fits
its vertices best (Kabsch 1976). Here four stiff links of a chain are found, from their noisy paths alone.

Vertices that belong to several links a little, as skin does, are another job: that of smooth weights, which
Dem Bones does (Le and Deng 2012). With `py-dem-bones` installed, its error is told beside ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

    Array = npt.NDArray[Any]

LINKS, PER_LINK, FRAMES, NOISE = 4, 150, 24, 0.003
COLORS = ["#ff6b66", "#ffd54a", "#5be38a", "#6db3ff"]


def rotation(yaw: float, roll: float) -> Array:
    """Return a rotation about z, then about x: (3, 3)."""
    (c, s), (d, t) = (np.cos(yaw), np.sin(yaw)), (np.cos(roll), np.sin(roll))
    turn: Array = np.array([[1, 0, 0], [0, d, -t], [0, t, d]]) @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return turn


def chain(seed: int = 0) -> tuple[Array, Array]:
    """Return the paths of a chain's vertices, (F, N, 3), at rest in frame 0, and their links, (N,)."""
    random = np.random.default_rng(seed)
    along = random.uniform(0.04, 0.96, LINKS * PER_LINK)
    around = random.uniform(0, 2 * np.pi, LINKS * PER_LINK)
    local = np.stack([along, 0.18 * np.cos(around), 0.18 * np.sin(around)], axis=1)
    links = np.repeat(np.arange(LINKS), PER_LINK)
    paths = np.empty((FRAMES, len(links), 3))
    for frame in range(FRAMES):
        turn, joint = np.eye(3), np.zeros(3)
        for link in range(LINKS):
            swing = np.sin(frame / (FRAMES - 1) * np.array([1.2, 3.0, 4.4, 2.2])[link]) * (-1) ** link
            turn = turn @ rotation(swing, 0.5 * swing)
            paths[frame, links == link] = local[links == link] @ turn.T + joint
            joint = joint + turn[:, 0]
    return paths + random.normal(0, NOISE, paths.shape), links


def rigid_motion(rest: Array, paths: Array) -> tuple[Array, Array]:
    """Return the rotations (F, 3, 3) and shifts (F, 3) that carry points at rest best along their paths.

    Kabsch (1976), A solution for the best rotation to relate two sets of vectors, Acta Cryst. A32, 922-923.
    """
    middle, middles = rest.mean(axis=0), paths.mean(axis=1)
    covariance = np.einsum("ni,fnj->fij", rest - middle, paths - middles[:, None])
    u, _, vt = np.linalg.svd(covariance)
    v, ut = vt.transpose(0, 2, 1), u.transpose(0, 2, 1)
    v[:, :, 2] *= np.sign(np.linalg.det(v @ ut))[:, None]  # a rotation, not a mirror
    turns = v @ ut
    return turns, middles - turns @ middle


def errors_of(paths: Array, labels: Array, count: int) -> Array:
    """Return every vertex's mean squared distance to where each cluster's motion takes it: (N, count)."""
    errors = np.full((paths.shape[1], count), np.inf)
    for cluster in range(count):
        inside = labels == cluster
        if inside.sum() < 3:  # no motion follows from fewer
            continue
        turns, shifts = rigid_motion(paths[0, inside], paths[:, inside])
        carried = np.einsum("fij,nj->fni", turns, paths[0]) + shifts[:, None]
        errors[:, cluster] = ((carried - paths) ** 2).sum(axis=2).mean(axis=0)
    return errors


def start(paths: Array, count: int, random: np.random.Generator) -> Array:
    """Return first labels: those of the likest of some paths that differ much (k-means++)."""
    flat = (paths - paths[:1]).transpose(1, 0, 2).reshape(paths.shape[1], -1)
    seeds = [int(random.integers(len(flat)))]
    while len(seeds) < count:
        away = np.min([((flat - flat[seed]) ** 2).sum(axis=1) for seed in seeds], axis=0)
        seeds.append(int(random.choice(len(flat), p=away / away.sum())))
    distances = np.stack([((flat - flat[seed]) ** 2).sum(axis=1) for seed in seeds], axis=1)
    return np.asarray(distances.argmin(axis=1))


def clusters_of_motion(paths: Array, count: int, starts: int = 10) -> tuple[Array, float]:
    """Return each vertex's cluster and the root of the mean squared error, the best of some starts."""
    random, best = np.random.default_rng(0), (np.zeros(paths.shape[1], int), np.inf)
    for _ in range(starts):
        labels = start(paths, count, random)
        while True:
            errors = errors_of(paths, labels, count)  # update
            moved = errors.argmin(axis=1)  # assign
            if np.array_equal(moved, labels):
                break
            labels = moved
        error = float(np.sqrt(errors.min(axis=1).mean()))
        best = min(best, (labels, error), key=lambda found: found[1])
    return best


def dem_bones_error(paths: Array, labels: Array) -> float | None:
    """Return the error of Dem Bones, which makes our clusters smooth; None if it is not installed."""
    try:
        from py_dem_bones import DemBones
    except ModuleNotFoundError:
        return None
    frames, vertices = paths.shape[:2]
    bones = DemBones()
    bones.nV, bones.nB, bones.nF, bones.nS, bones.nnz = vertices, LINKS, frames, 1, 4
    bones.fStart, bones.subjectID = np.array([0, frames], np.int32), np.zeros(frames, np.int32)
    near = ((paths[0][:, None] - paths[0]) ** 2).sum(axis=2).argsort(axis=1)
    # Weights change along faces only: here, those that each vertex has with its neighbours.
    bones.fv = np.concatenate([near[:, [0, 1, 2]], near[:, [0, 2, 3]]]).tolist()
    bones.set_rest_pose(paths[0].T)
    bones.set_animated_poses(paths.transpose(0, 2, 1).reshape(-1, vertices))
    bones.set_weights(np.eye(LINKS)[:, labels])
    bones.compute()
    return float(bones.rmse())


def draw() -> Image.Image:
    """Return the chain in four frames, coloured by the clusters that were found, with their error."""
    paths, _ = chain()
    labels, error = clusters_of_motion(paths, LINKS)
    page = Image.new("RGB", (1200, 640), "#2b2d30")
    pen = ImageDraw.Draw(page)
    for place, frame in enumerate((0, 8, 15, FRAMES - 1)):
        pose = paths[frame] - (paths[frame].min(axis=0) + paths[frame].max(axis=0)) / 2
        middle = (300 + 600 * (place % 2), 150 + 290 * (place // 2))
        for vertex in np.argsort(pose[:, 2]):
            x, y = middle + 115 * pose[vertex, :2] * (1, -1)
            pen.ellipse((x - 4, y - 4, x + 4, y + 4), COLORS[labels[vertex]], "#1b1c1e")
    told = f"{LINKS} clusters in {paths.shape[1]} paths of {FRAMES} frames, {error:.4f} off; a link is 1 long"
    smooth = dem_bones_error(paths, labels)
    told += "" if smooth is None else f"; with smooth weights, by Dem Bones, {smooth:.4f}"
    pen.text((20, 600), told, "#eceef0", ImageFont.load_default(18))
    return page


if __name__ == "__main__":
    draw().save("motion_clusters.png")
