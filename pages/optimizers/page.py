"""Optimizers (常見的優化方法): none was dreamt up, practice selected them."""

from pages.optimizers import practice, race, rule

SCENES = (race.SCENE, rule.SCENE, practice.SCENE)
