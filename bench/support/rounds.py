"""Rounds by turns, and what is said of them."""
import os
import statistics
import time

# Ours keeps a finished transaction for 32 s (RFC 3261, timer J). A round lasts as long, so that what a server still owes
# for its last turn falls into its next one and is counted there; the first round isn't counted.
ROUND = 32.0
ROUNDS = int(os.environ.get("ROUNDS", "3"))


def turn_of(sides):
    """Seconds."""
    return ROUND / len(sides)


def by_turns(sides, turn, rounds=ROUNDS):
    """`sides`: name → something with cpu(). `turn(name)` puts load on it, for a second less than turn_of(sides). Gives
    name → CPU seconds of each counted round."""
    spent = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            began, before = time.monotonic(), side.cpu()
            turn(name)
            time.sleep(max(0.0, turn_of(sides) - (time.monotonic() - began)))
            if number:
                spent[name].append(side.cpu() - before)
    return spent


def spread(values):
    return f"median {statistics.median(values):.1f}, {min(values):.1f} to {max(values):.1f}"


def say(figures, unit):
    """`figures`: name → values of each round. Gives name → median."""
    width = max(len(name) for name in figures)
    for name, values in figures.items():
        print(f"{name:{width}}  {spread(values)} {unit}   ({', '.join(f'{v:.1f}' for v in values)})")
    return {name: statistics.median(values) for name, values in figures.items()}
