"""k-means on a histogram: the palette that rebuilds a texture with the least error."""

from rgbcloud.clustering.cluster import Clustering, cluster, clustering_of
from rgbcloud.clustering.iterations import iterations
from rgbcloud.clustering.preview import Preview

__all__ = [
    "Clustering",
    "Preview",
    "cluster",
    "clustering_of",
    "iterations",
]
