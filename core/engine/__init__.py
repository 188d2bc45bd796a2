"""Training in torch: the rule, the network, one history for every run."""
