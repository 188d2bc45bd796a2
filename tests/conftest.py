"""What every test runs under."""

import torch
from hypothesis import HealthCheck, settings

# As in the app: a second thread waits at every operation for whatever else the machine does.
torch.set_num_threads(1)

# A busy machine is slow at times, which is no fault of what is tested. Where CI is set, examples stay the same ones.
settings.register_profile("patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
