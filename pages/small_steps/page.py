"""Small steps (優化和訓練): which sign, how far at once, how much data for a step, when it is close enough."""

from pages.small_steps import batches, giant, memorise, noise, perfect, rounds, sign

SCENES = (
    sign.SCENE,
    giant.SCENE,
    batches.SCENE,
    noise.SCENE,
    perfect.SCENE,
    memorise.SCENE,
    rounds.SCENE,
)
