"""The rows: optimizers, losses, activations, data sets; a row holds all there is to know of its thing."""
