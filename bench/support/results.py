"""What a benchmark found, kept for docs/performance.md (bench/report.py): a line of JSON for each figure, in the file that the environment's
ROAMDESK_FIGURES names. Without it nothing is kept."""
import json
import os


def keep(what, value, unit, goal=None, more_is_better=False, **series):
    """`what` was measured, `value` in `unit` ("times Kamailio", "ms"). `goal`: at most, or at least where more is better. `series`: what a plot
    needs, name → number."""
    file = os.environ.get("ROAMDESK_FIGURES")
    if file:
        with open(file, "a", encoding="utf-8") as kept:
            kept.write(json.dumps({"what": what, "value": value, "unit": unit, "goal": goal, "more_is_better": more_is_better, "series": series}) + "\n")
