"""How far reads of lists lag behind what was written, by a fault or by chaos. Filters nothing itself."""

import math

from sandbox.x.faults import LAGS
from sandbox.x.gate import Call, subject

SECONDS = 60.0


def horizon(call: Call) -> float:
    """Return the moment, in epoch seconds, after which nothing is shown yet; infinity without a lag."""
    fault = call.world.faults.take(subject(call.request), LAGS)
    if fault is not None:
        call.request.scope["state"]["fault"] = fault.name
        return call.world.clock.now() - (fault.seconds if fault.seconds is not None else SECONDS)
    seconds = call.world.chaos.lag()
    return call.world.clock.now() - seconds if seconds else math.inf
