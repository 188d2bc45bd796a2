"""What every test runs under."""

import torch

# As in the app: a second thread waits at every operation for whatever else the machine does.
torch.set_num_threads(1)
