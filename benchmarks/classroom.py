"""A class at the same moment, over the WebSocket and without a browser: what sixty phones wait for.

`python -m benchmarks.classroom [runs] [links] [walk] [--repeat N]`

A learner here speaks Streamlit's protocol as a browser does, and a page is drawn once the player with its charts
has arrived. The learners run in this process, beside the server: on 2 cores they take some of its time.
"""

import argparse
import asyncio
import json
import math
import os
import random
import statistics
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.serving import OURS, Served, served
from benchmarks.timing import machine, markdown
from core.text import Text

TEXT = Text("en")
PLAYER, STEPPER = "small_steps_player", "small_steps_stepper"
#: Seconds after which a learner gives up.
PATIENCE = 120.0
CLASS, CROWD = 60, 100
#: Seconds between two changes of the rate by one learner, and how many each makes.
PAUSE, CHANGES = 5.0, 5


@dataclass
class Learner:
    """One browser tab: it sends what a browser would, and remembers what it was sent."""

    socket: ClientConnection
    query: str
    stepper: str = ""  # the id of the stepper of rates
    fragment: str = ""  # that the stepper stands in
    rates: tuple[str, ...] = ()  # as the stepper names them
    cached: dict[str, ForwardMsg] = field(default_factory=dict)
    received: int = 0  # bytes
    notices: list[str] = field(default_factory=list)

    @property
    def sent_away(self) -> bool:
        """Whether it was told that too many wait."""
        return TEXT("wait.busy") in self.notices

    async def open(self) -> float:
        """Open the page; return the seconds until its race is there."""
        return await self._ask(BackMsg())

    async def change(self, rate: str) -> float:
        """Step to another rate; return the seconds until the race of that rate is there."""
        message = BackMsg()
        message.rerun_script.fragment_id = self.fragment
        state = message.rerun_script.widget_states.widgets.add(id=self.stepper)
        state.json_value = json.dumps({"at": {"place": self.rates.index(rate), "when": time.monotonic()}})
        return await self._ask(message)

    async def _ask(self, message: BackMsg) -> float:
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = OURS.path
        message.rerun_script.cached_message_hashes.extend(self.cached)
        begun = time.monotonic()
        await self.socket.send(message.SerializeToString())
        drawn = None
        while True:
            data = await asyncio.wait_for(self.socket.recv(), PATIENCE)
            assert isinstance(data, bytes)
            self.received += len(data)
            got = ForwardMsg.FromString(data)
            if got.WhichOneof("type") == "page_info_changed":
                self.query = got.page_info_changed.query_string
            if self._is_player(got):
                drawn = time.monotonic() - begun
            if got.WhichOneof("type") == "script_finished":
                if drawn is None and not self.sent_away:
                    raise RuntimeError(f"no race came for {self.query!r}; notices: {self.notices}")
                return math.inf if drawn is None else drawn

    def _is_player(self, got: ForwardMsg) -> bool:
        if got.WhichOneof("type") == "ref_hash":
            got = self.cached[got.ref_hash]
        elif got.metadata.cacheable:
            self.cached[got.hash] = got
        if got.WhichOneof("type") != "delta":
            return False
        element = got.delta.new_element
        if element.WhichOneof("type") == "alert":
            self.notices.append(element.alert.body)
        if element.bidi_component.component_name.endswith(STEPPER):
            self.stepper, self.fragment = element.bidi_component.id, got.delta.fragment_id
            self.rates = tuple(json.loads(element.bidi_component.json)["labels"])
        return element.bidi_component.component_name.endswith(PLAYER)


async def join(app: Served, query: str = "") -> Learner:
    """Connect as a browser does, without asking for a page yet."""
    address = f"{app.address.replace('http', 'ws')}/_stcore/stream"
    protocols = [Subprotocol("streamlit")]
    return Learner(await connect(address, subprotocols=protocols, max_size=None, compression=None), query)


async def at_once(app: Served, queries: Sequence[str]) -> tuple[list[float], list[Learner]]:
    """Let every query be opened at the same moment; return the seconds each waits, and who waited."""
    learners = [await join(app, query) for query in queries]
    took = await asyncio.gather(*(learner.open() for learner in learners))
    for learner in learners:
        await learner.socket.close()
    return list(took), learners


def differing_in_runs() -> list[str]:
    """Return links that differ in the rate or in a hyperparameter, none of them trained by the warm-up."""
    rates = [f"v=2&lr={0.002 + i / 2000:.5g}" for i in range(CLASS // 2)]
    return rates + [f"v=2&momentum.momentum={0.5 + i / 100:.5g}" for i in range(CLASS - len(rates))]


def differing_in_data() -> list[str]:
    """Return links that differ in the points, their noise, or the width."""
    third = CLASS // 3
    points = [f"v=2&n={500 + 40 * i}" for i in range(third)]
    widths = [f"v=2&width={3 + 2 * i}" for i in range(third)]
    return [*points, *widths, *(f"v=2&noise={0.11 + i / 100:.5g}" for i in range(CLASS - 2 * third))]


async def walking(app: Served) -> tuple[list[float], list[Learner]]:
    """Let a crowd change its rate every few seconds, each at its own moments; return the seconds each change takes."""
    chance = random.Random(0)
    learners = [await join(app) for _ in range(CROWD)]
    for learner in learners:  # one after the other: opening is another measurement
        await learner.open()

    async def walk(learner: Learner, start: float) -> list[float]:
        await asyncio.sleep(start)
        took, rate = [], ""
        for _ in range(CHANGES):
            begun = time.monotonic()
            rate = chance.choice([r for r in learner.rates if r != rate])
            took.append(await learner.change(rate))
            await asyncio.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))
        return took

    starts = [chance.uniform(0, PAUSE) for _ in learners]
    found = await asyncio.gather(*(walk(x, start) for x, start in zip(learners, starts, strict=True)))
    for learner in learners:
        await learner.socket.close()
    return [seconds for one in found for seconds in one], learners


@dataclass(frozen=True)
class Scene:
    """What is measured: its name, how, and the aim in seconds for the last (or the p95) of the waits."""

    name: str
    act: Callable[[Served], Coroutine[None, None, tuple[list[float], list[Learner]]]]
    aim: float
    share: float  # of the waits that the aim is for


SCENES = {
    "runs": Scene("60 links at once, other rates or hyperparameters", lambda a: at_once(a, differing_in_runs()), 3, 1),
    "links": Scene("60 links at once, other data or width", lambda a: at_once(a, differing_in_data()), 8, 1),
    "walk": Scene("100 learners, a new rate every 5 s", walking, 0.2, 0.95),
}


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has taken, nan where there is no /proc."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return float("nan")
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(scene: Scene) -> dict[str, object]:
    """Play a scene on a fresh server and return one row of the table."""
    with served(OURS) as app:
        before = processor_seconds(app.pid)
        took, learners = asyncio.run(scene.act(app))
        spent = processor_seconds(app.pid) - before
    ordered = sorted(took)
    at = ordered[max(0, round(scene.share * len(ordered)) - 1)]
    return {
        "scene": scene.name,
        "first, s": f"{ordered[0]:.2f}",
        "median, s": f"{statistics.median(ordered):.2f}",
        "p95, s": f"{ordered[round(0.95 * len(ordered)) - 1]:.2f}",
        "last, s": f"{ordered[-1]:.2f}",
        "aim": f"{'last' if scene.share == 1 else 'p95'} ≤ {scene.aim:g} s: {'met' if at <= scene.aim else 'missed'}",
        "sent away": sum(one.sent_away for one in learners),
        "server's processor, s": f"{spent:.1f}",
        "KB a learner": f"{statistics.median(one.received for one in learners) / 1000:.0f}",
    }


def main() -> None:
    """Play the scenes asked for, all by default, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", metavar="scene", help=", ".join(SCENES), default=list(SCENES))
    parser.add_argument("--repeat", type=int, default=1)
    chosen = parser.parse_args()
    rows = [measure(SCENES[name]) for name in chosen.scenes for _ in range(chosen.repeat)]
    print(markdown(list(rows[0]), [[str(v) for v in row.values()] for row in rows]))
    print(machine())


if __name__ == "__main__":
    main()
