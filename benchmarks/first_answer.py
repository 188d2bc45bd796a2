"""One contender's first training in a fresh process: run by `benchmarks.training`, prints JSON."""

import json
import sys

import torch

from benchmarks.timing import peak_growth, seconds
from benchmarks.training import contender


def main() -> None:
    name, runs, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    action = contender(name, runs)
    times: list[float] = []
    peak = peak_growth(lambda: times.append(seconds(action)))
    print(json.dumps({"seconds": times[0], "peak": peak}))


if __name__ == "__main__":
    main()
