"""Figures of the six normalisations."""

import numpy as np
from matplotlib.figure import Figure

from attention_atlas.drawing.style import BLUE, DOUBLE, GREEN, INK, ORANGE, PURPLE, RED, new_figure, panel_label
from attention_atlas.files import read_csv
from attention_atlas.papers.studies.normalisation import NAMES, PUBLISHED, SCHEMES

__all__ = ["particles_figure", "random_figure", "tail_figure", "theory_figure"]

COLOURS = dict(zip(SCHEMES, (BLUE, RED, ORANGE, GREEN, PURPLE, INK), strict=True))


def theory_figure(theory: str, shown_time: float) -> Figure:
    """gamma(t), its speed, and the tail of 1 - gamma; ``theory`` is the path of norm_theory.csv."""
    table = read_csv(theory, ["scheme", "time", "gamma", "distance", "speed"])
    figure, (left, middle, right) = new_figure(DOUBLE, 2.5, columns=3)
    for scheme in SCHEMES:
        curve = table[table["scheme"] == scheme]
        style = {"color": COLOURS[scheme], "label": NAMES[scheme], "ls": "--" if scheme == "mix_ln" else "-"}
        near = curve[curve["time"] <= shown_time]
        left.plot(near["time"], near["gamma"], **style)
        middle.plot(near["time"], near["speed"], **style)
        tail = curve[(curve["time"] > 0) & (curve["distance"] > 1e-12)]
        right.loglog(tail["time"], tail["distance"], **style)
    times = np.geomspace(100, 2000, 2)
    right.loglog(times, 3e-3 * (times / 100) ** -2.0, ":", color=INK, lw=0.8)
    right.text(500, 3e-4, "$t^{-2}$", ha="left", va="bottom")
    left.set(xlabel="time $t$", ylabel=r"cosine $\gamma$", ylim=(0, 1.02), xlim=(0, shown_time))
    middle.set(xlabel="time $t$", ylabel=r"speed $d\gamma/dt$", xlim=(0, shown_time), ylim=(0, None))
    right.set(xlabel="time $t$", ylabel=r"$1 - \gamma$", ylim=(1e-9, 2), xlim=(0.3, 2000))
    middle.legend()
    for letter, axes in zip("abc", (left, middle, right), strict=True):
        panel_label(axes, letter)
    return figure


def particles_figure(particles: str) -> Figure:
    """Tokens (symbols) on the two equations (lines), and their difference; ``particles`` is the path of norm_particles.csv."""
    table = read_csv(particles, ["scheme", "time", "gamma", "theory", "radius"])
    figure, (left, middle, right) = new_figure(DOUBLE, 2.5, columns=3)
    for scheme in SCHEMES:
        curve = table[table["scheme"] == scheme]
        colour = COLOURS[scheme]
        left.plot(curve["time"], curve["theory"], color=colour, label=NAMES[scheme])
        left.plot(curve["time"][::3], curve["gamma"][::3], "o", color=colour, ms=2.2)
        middle.plot(curve["time"], curve["radius"], color=colour)
        error = (curve["gamma"] - curve["theory"]).abs().clip(lower=1e-17)
        right.semilogy(curve["time"], error, color=colour, lw=0.8)
    left.set(xlabel="time $t$", ylabel=r"cosine $\gamma$", ylim=(0, 1.02))
    left.legend()
    middle.set(xlabel="time $t$", ylabel="radius $r$")
    right.set(xlabel="time $t$", ylabel=r"difference of $\gamma$")
    for letter, axes in zip("abc", (left, middle, right), strict=True):
        panel_label(axes, letter)
    return figure


def random_figure(random: str) -> Figure:
    """Mean cosine with random matrices, a panel of ours beside the published picture's values; path of norm_random.csv."""
    table = read_csv(random, ["scheme", "time", "mean", "low", "high"])
    figure, (left, right) = new_figure(DOUBLE, 2.7, columns=2, sharey=True)
    for scheme in SCHEMES:
        curve, colour = table[table["scheme"] == scheme], COLOURS[scheme]
        left.fill_between(curve["time"], curve["low"], curve["high"], color=colour, alpha=0.12, lw=0)
        left.plot(curve["time"], curve["mean"], color=colour, label=NAMES[scheme])
        times, values = np.array(PUBLISHED[scheme]).T
        right.plot(times, values, "o-", color=colour, ms=3, lw=0.8, label=NAMES[scheme])
    left.set(xlabel="time $t$", ylabel="mean cosine of two tokens", ylim=(0, 1.02), title="this work")
    right.set(xlabel="time $t$", title="read from the published picture", xlim=left.get_xlim())
    left.legend(loc="lower right")
    panel_label(left, "a")
    panel_label(right, "b")
    return figure


def tail_figure(cone: str, first_step: str) -> Figure:
    """Variance from a narrow cone, its rate, and the size of the first pull; paths of norm_cone.csv and norm_first_step.csv."""
    table = read_csv(cone, ["scheme", "run", "time", "variance", "rate"])
    pulls = read_csv(first_step, ["tokens", "pull"])
    figure, (left, middle, right) = new_figure(DOUBLE, 2.5, columns=3)
    for scheme in SCHEMES:
        curve = table[(table["scheme"] == scheme) & (table["run"] == 0)]
        style = {"color": COLOURS[scheme], "label": NAMES[scheme], "ls": "--" if scheme == "mix_ln" else "-"}
        seen = curve[(curve["variance"] > 1e-22) & (curve["time"] > 0)]
        left.loglog(seen["time"], seen["variance"], **style)
        middle.semilogx(curve["time"], curve["rate"], **style)
    left.set(xlabel="time $t$", ylabel="variance Var", ylim=(1e-20, 1e-4))
    left.legend(loc="lower left")
    for bound in (1 / 9, 4):
        middle.axhline(bound, color=INK, lw=0.6, ls=":")
    middle.set(xlabel="time $t$", ylabel=r"$-$Var$'\cdot$scale / Var", ylim=(0, 4.3))
    right.loglog(pulls["tokens"], pulls["pull"], "o", color=BLUE, ms=4, label=r"$\max_j |A_j(0)|$")
    right.loglog(
        pulls["tokens"], pulls["pull"].iloc[0] * (pulls["tokens"] / pulls["tokens"].iloc[0]) ** -0.5, "--",
        color=INK, lw=0.8, label="slope −1/2",
    )  # fmt: skip
    right.set(xlabel="tokens $n = d$", ylabel="largest pull at $t = 0$")
    right.set_yticks([0.03, 0.05, 0.1, 0.2], ["0.03", "0.05", "0.1", "0.2"])
    right.minorticks_off()
    right.legend()
    for letter, axes in zip("abc", (left, middle, right), strict=True):
        panel_label(axes, letter)
    return figure
