"""Unknowns (變數和參數位置的轉換): the same formula read both ways."""

from pages.unknowns import clusters, logistic, network, search, step, swap

SCENES = (swap.SCENE, step.SCENE, search.SCENE, logistic.SCENE, clusters.SCENE, network.SCENE)
