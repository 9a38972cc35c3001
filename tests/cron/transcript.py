"""The month as a text that people read: a line for each run with its time and exit code, "×N" for N runs on end
that said nothing; what cron would mail is indented; a line with # says what goes wrong."""

import re
from dataclasses import dataclass

TIME = "%d %H:%M"
LINE = re.compile(r"(\d\d \d\d:\d\d)  exit (\d+)(?:  ×(\d+))?")


@dataclass
class Run:
    time: str
    code: int
    said: str = ""
    news: tuple = ()

    def __str__(self):
        return "%s  exit %d\n%s" % (self.time, self.code, indented(self.said))


def indented(said):
    return "".join("    %s\n" % line for line in said.splitlines())


def text_of(runs):
    groups = []
    for run in runs:
        before = groups[-1][-1] if groups else None
        if before and not (before.said or run.said or run.news) and before.code == run.code:
            groups[-1].append(run)
        else:
            groups.append([run])
    text = ""
    for group in groups:
        text += "".join("# %s\n" % sentence for sentence in group[0].news)
        text += "%s  exit %d%s\n" % (group[0].time, group[0].code, "  ×%d" % len(group) if len(group) > 1 else "")
        text += indented(group[0].said)
    return text


def expected(text, times):
    """The runs that a text stands for, each with its exit code and what it says."""
    runs, times = [], iter(times)
    for line in text.splitlines():
        if line.startswith("    "):
            runs[-1].said += line[4:] + "\n"
        elif found := LINE.fullmatch(line):
            runs += [Run(next(times, "?"), int(found.group(2))) for _ in range(int(found.group(3) or 1))]
    return runs
