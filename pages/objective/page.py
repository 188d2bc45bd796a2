"""Objective (目標函數): what a loss is, what it forgives, and its derivative for every coefficient."""

from pages.objective import chain, classes, curves, gradients, outliers, own

SCENES = (curves.SCENE, own.SCENE, classes.SCENE, outliers.SCENE, chain.SCENE, gradients.SCENE)
