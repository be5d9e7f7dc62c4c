#!/usr/bin/python3
"""Writes docs/performance.md and its plots from what `./run bench all` has kept in build/bench: of each benchmark NAME.log, all that it said, and
NAME.results, its figures as JSON (support/results.py). A benchmark that wasn't run is said to be missing; one that was void has no figures."""
import dataclasses
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
ORDER = ["media", "threads", "rtp", "srtp", "delay", "capacity", "register", "calls", "calls-400", "outside", "upstream", "memory", "growth", "login", "restart",
         "strangers", "soak"]
# Those that aren't Python say their figure in words only.
SAID = {"media": (r"ratio ([\d.]+)", "RTP through both media planes, CPU", "times raw io_uring and the cipher", 1.5, False),
        "threads": (r"two free cores carry ([\d.]+) times one", "two media threads on two free cores, by CPU", "times one", 1.8, True)}
SVG = "set terminal svg size 900,{height} font 'sans,13' background rgb 'white'\nset output '{file}'\n"


@dataclasses.dataclass
class Run:
    name: str
    command: str    # what to type to see it again
    date: str
    status: int     # 0, or it was void
    text: str
    figures: list


def read(folder):
    """The runs that are there, in ORDER."""
    runs = []
    for name in ORDER:
        log = folder / f"{name}.log"
        if not log.exists():
            continue
        head, _, text = log.read_text().partition("\n")
        command, date, status = head.split("\t")
        kept = folder / f"{name}.results"
        figures = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
        if name in SAID and (found := re.search(SAID[name][0], text)):
            _, what, unit, goal, more = SAID[name]
            figures = [{"what": what, "value": float(found.group(1)), "unit": unit, "goal": goal, "more_is_better": more, "series": {}}]
        runs.append(Run(name, command, date, int(status), text.rstrip(), figures if status == "0" else []))
    return runs


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def reached(figure):
    if figure["goal"] is None:
        return ""
    good = figure["value"] >= figure["goal"] if figure["more_is_better"] else figure["value"] <= figure["goal"]
    return f"{'at least' if figure['more_is_better'] else 'at most'} {figure['goal']:g}: {'reached' if good else '**not reached**'}"


def table(runs):
    rows = ["| what | figure | goal | command |", "|---|---|---|---|"]
    for run in runs:
        rows += [f"| {f['what']} | {number(f['value'])} {f['unit']} | {reached(f)} | `{run.command}` |" for f in run.figures]
    return rows


def document(runs, machine, words, plots):
    """Lines of docs/performance.md. `words`: what people have written about single benchmarks (bench/notes), name → text. `plots`: (title, file)."""
    lines = ["# How fast it is", "",
             "Written by `./run bench all`, from what each benchmark said; `bench/README.md` says what each compares and how it counts. Ratios are measured side by side in one run.",
             "A run in which anything was lost, repeated or refused is void, and has no figure here.", "", f"{machine}.", ""]
    lines += table(runs)
    for title, file in plots:
        lines += ["", f"![{title}]({file})"]
    missing = [name for name in ORDER if name not in {run.name for run in runs}]
    if missing:
        lines += ["", f"Not run: {', '.join(missing)}."]
    for run in runs:
        lines += ["", f"## {run.name}", f"`{run.command}`, {run.date}" + ("" if run.status == 0 else f": **void** (ended with {run.status})"), ""]
        if run.name in words:
            lines += [words[run.name], ""]
        lines += ["```text", *run.text.splitlines(), "```"]
    return lines


def machine():
    def said(*command):
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1)) / 2**20
    system = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    return (f"{processor.group(1) if processor else said('uname', '-m')}, {said('nproc')} cores, {memory:.0f} GB, Linux {said('uname', '-r')}, "
            f"{system.group(1) if system else '?'}, {said('c++', '--version').splitlines()[0]}, release preset")


def quoted(text):
    return text.replace('"', "'")


def bars(title, figures, unit, file):
    """A plot of gnuplot's: a bar for each figure, its goal as a line across it."""
    rows = "\n".join(f'{len(figures) - i} {f["value"]} {f["goal"] if f["goal"] is not None else "NaN"} "{quoted(f["what"])}"' for i, f in enumerate(figures))
    return (f"$rows << END\n{rows}\nEND\n" + SVG.format(height=90 + 34 * len(figures), file=file) + f"""set title "{quoted(title)}"
set xlabel "{quoted(unit)}"
set style fill solid 0.7
set yrange [0.4:{len(figures) + 0.6}]
set xrange [0:*]
set grid xtics
plot $rows using ($2*0.5):1:($2*0.5):(0.3):ytic(4) with boxxyerror lc rgb "#3b6ea5" notitle, \\
 $rows using 3:1:(0):(0.42) with xyerrorbars pt 0 lw 3 lc rgb "#c03020" title "goal"
""")


def growth(figures, file):
    """How each cost grows with the number of phones, as a multiple of its first figure."""
    kinds = [kind for kind in figures[0]["series"] if kind != "phones"]
    rows = "\n".join(" ".join(f'{f["series"][k] if k == "phones" else f["series"][k] / figures[0]["series"][k]}' for k in ["phones", *kinds]) for f in figures)
    lines = ", ".join(f'$rows using 1:{i} with linespoints lw 2 title "{kind}"' for i, kind in enumerate(kinds, 2))
    return (f"$rows << END\n{rows}\nEND\n" + SVG.format(height=420, file=file) + f"""set title "What grows with the phones in the store (times the figure of {figures[0]['series']['phones']:.0f})"
set logscale xy
set xlabel "phones"
set key outside
set grid
plot {lines}
""")


def plots(runs, folder):
    """(title, path in docs) of what could be drawn."""
    figures = [f for run in runs for f in run.figures]
    ratios = [f for f in figures if f["unit"].startswith("times") and not f["more_is_better"]]
    delays = [f for f in figures if f["what"].startswith("added to a packet's delay")]
    calls = [f for f in figures if f["unit"] == "calls"]
    grown = [f for f in figures if f["series"]]
    drawn = []
    for some, title, unit, name in ((ratios, "Beside a peer (less is better)", "times the peer, or the raw limit", "ratios"),
                                    (delays, "What is added to a packet's delay (less is better)", "ms", "delay"),
                                    (calls, "Most calls at once without loss on a fifth of a core (more is better)", "calls", "capacity")):
        if some:
            drawn.append((title, name, bars(title, some, unit, folder / f"performance-{name}.svg")))
    if len(grown) > 1:
        drawn.append(("Growth", "growth", growth(grown, folder / "performance-growth.svg")))
    for _, _, script in drawn:
        subprocess.run(["gnuplot"], input=script, text=True, check=True)
    return [(title, f"images/performance-{name}.svg") for title, name, _ in drawn]


def main():
    runs = read(ROOT / "build" / "bench")
    if not runs:
        sys.exit("no benchmark was run: ./run bench all")
    words = {file.stem: file.read_text().strip() for file in (ROOT / "bench" / "notes").glob("[a-z]*.md")}
    text = document(runs, machine(), words, plots(runs, ROOT / "docs" / "images"))
    (ROOT / "docs" / "performance.md").write_text("\n".join(text) + "\n")
    print(f"docs/performance.md: {len(runs)} benchmarks, {sum(len(r.figures) for r in runs)} figures; void: {', '.join(r.name for r in runs if r.status) or 'none'}")


if __name__ == "__main__":
    main()
