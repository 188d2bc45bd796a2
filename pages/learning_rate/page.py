"""Learning rate (學習效率): how much of the known direction to walk."""

from pages.learning_rate import panels
from pages.learning_rate import range as working_range

SCENES = (panels.SCENE, working_range.SCENE)
