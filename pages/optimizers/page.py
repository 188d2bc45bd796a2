"""Optimizers (常見的優化方法): none was dreamt up, practice selected them."""

from pages.optimizers import inside, practice, race, rule

SCENES = (race.SCENE, inside.SCENE, rule.SCENE, practice.SCENE)
