"""Small Steps: data, network, losses, optimizers and training in torch, and what draws them."""
