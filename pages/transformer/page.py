"""Transformer (函數變換器): simple units, wrapped and added up, fit complex shapes."""

from pages.transformer import easy, unit, width
from pages.transformer import sum as units_summed

SCENES = (unit.SCENE, units_summed.SCENE, width.SCENE, easy.SCENE)
