"""Home (訓練四步): prepare data, define a model, define a loss, train."""

from pages.home import run, same

SCENES = (run.SCENE, same.SCENE)
