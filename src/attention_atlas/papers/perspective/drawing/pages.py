"""Interactive 3-D pages: one HTML file each, with everything inside, so they open without a network."""

from collections.abc import Mapping
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from attention_atlas.drawing.style import BLUE, INK, RED
from attention_atlas.papers.perspective.drawing.particles import cluster_colours

__all__ = ["hypersphere_page", "particles_page"]

# Points in all frames, in all traces: plotly's own script takes most of the 5 MB a page may have.
MOST_POINTS, MOST_TRACE_POINTS = 1800, 1500
MOST_FRAMES = 48
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
html, body {{ margin: 0; height: 100%; font-family: system-ui, sans-serif; color: #1a1a1a; background: #fff; }}
main {{ display: flex; flex-direction: column; height: 100%; }}
h1 {{ font-size: 1.05rem; margin: 0.6rem 1rem 0; }}
p {{ margin: 0.2rem 1rem 0; max-width: 70ch; font-size: 0.9rem; }}
#plot {{ flex: 1; min-height: 20rem; }}
</style>
<script>{script}</script>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
<div id="plot" role="img" aria-label="{title}"></div>
</main>
<script>
const figure = {figure};
Plotly.newPlot("plot", figure.data, figure.layout, {{responsive: true, displaylogo: false}})
  .then(plot => figure.frames && Plotly.addFrames(plot, figure.frames));
</script>
</body>
</html>
"""


def _sphere() -> go.Surface:
    """A pale sphere inside the unit sphere, so that points and the chords of their paths stay whole."""
    longitude, latitude = np.meshgrid(np.linspace(0, 2 * np.pi, 49), np.linspace(0, np.pi, 25))
    radius = 0.95
    return go.Surface(
        x=np.round(radius * np.cos(longitude) * np.sin(latitude), 3).tolist(),
        y=np.round(radius * np.sin(longitude) * np.sin(latitude), 3).tolist(),
        z=np.round(radius * np.cos(latitude), 3).tolist(),
        surfacecolor=np.zeros(longitude.shape, dtype=int).tolist(),
        colorscale=[[0, "#F1F3F5"], [1, "#F1F3F5"]],
        showscale=False,
        hoverinfo="skip",
        # flat: with directed light the two halves of the parametrisation look different
        lighting={"ambient": 1.0, "diffuse": 0.0, "specular": 0.0, "fresnel": 0.0},
        name="sphere",
    )


def _graticule() -> go.Scatter3d:
    """Meridians and parallels 30 degrees apart: they show how the sphere is turned."""
    turn = np.linspace(0, 2 * np.pi, 61)
    circles = [
        np.stack([np.cos(a) * np.cos(turn), np.sin(a) * np.cos(turn), np.sin(turn)], axis=1)
        for a in np.pi * np.arange(6) / 6
    ]
    for latitude in np.pi * np.arange(-2, 3) / 6:
        radius = np.cos(latitude)
        height = np.full_like(turn, np.sin(latitude))
        circles.append(np.stack([radius * np.cos(turn), radius * np.sin(turn), height], axis=1))
    lines = _paths(0.955 * np.stack(circles, axis=1))
    return go.Scatter3d(
        **lines, mode="lines", line={"width": 1, "color": "#C9CED4"}, hoverinfo="skip", showlegend=False
    )


def _layout() -> dict:
    axis = {"visible": False, "range": [-1.3, 1.3]}
    return {
        "scene": {
            "xaxis": axis,
            "yaxis": axis,
            "zaxis": axis,
            "aspectmode": "cube",
            "camera": {"eye": {"x": 0.98, "y": 0.62, "z": 0.53}},
        },
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "legend": {"x": 0.01, "y": 0.99},
    }


def _page(figure: go.Figure, title: str, text: str) -> str:
    # "</" inside a script would end it
    content = figure.to_json().replace("</", "<\\/")
    script = get_plotlyjs().replace("</script", "<\\/script")
    return PAGE.format(title=escape(title), text=escape(text), script=script, figure=content)


def _coordinates(points: np.ndarray) -> dict[str, list[float]]:
    return {name: np.round(points[:, k], 3).tolist() for k, name in enumerate("xyz")}


def _paths(history: np.ndarray) -> dict[str, list[float | None]]:
    """All traces (records, n, 3) as one broken line."""
    gap = np.full((1, *history.shape[1:]), np.nan)
    flat = np.swapaxes(np.concatenate([history, gap]), 0, 1).reshape(-1, 3)
    return {
        name: [None if value != value else round(float(value), 3) for value in flat[:, k]]
        for k, name in enumerate("xyz")
    }


def _spaced(records: int, count: int) -> np.ndarray:
    """At least two record numbers, evenly spaced, the first and the last among them."""
    return np.unique(np.round(np.linspace(0, records - 1, max(2, count))).astype(int))


def particles_page(run: Mapping[str, np.ndarray], title: str, text: str) -> str:
    """Page with a slider through time: particles of positions (records, n, 3) coloured by the cluster they end in."""
    positions, times = run["positions"], run["times"]
    picked = _spaced(len(positions), min(MOST_FRAMES, MOST_POINTS // positions.shape[1]))
    colours = [f"rgb({r:.0f},{g:.0f},{b:.0f})" for r, g, b in 255 * cluster_colours(positions[-1])]
    marker = {"size": 5, "color": colours, "line": {"width": 1, "color": "white"}}
    tracks = positions[_spaced(len(positions), min(24, MOST_TRACE_POINTS // positions.shape[1]))]
    figure = go.Figure(
        data=[
            _sphere(),
            _graticule(),
            go.Scatter3d(
                **_paths(tracks),
                mode="lines",
                line={"width": 2, "color": "#9AA5B1"},
                name="whole paths",
                hoverinfo="skip",
            ),
            go.Scatter3d(**_coordinates(positions[0]), mode="markers", marker=marker, name="particles"),
        ],
        frames=[
            go.Frame(name=str(k), data=[_coordinates(positions[record]) | {"type": "scatter3d"}], traces=[3])
            for k, record in enumerate(picked)
        ],
        layout=_layout(),
    )
    jump = {"frame": {"duration": 0, "redraw": True}, "mode": "immediate", "transition": {"duration": 0}}
    play = {"frame": {"duration": 80, "redraw": True}, "fromcurrent": True, "transition": {"duration": 0}}
    figure.update_layout(
        sliders=[
            {
                "steps": [
                    {"label": f"{times[record]:.3g}", "method": "animate", "args": [[str(k)], jump]}
                    for k, record in enumerate(picked)
                ],
                "currentvalue": {"prefix": "time t = "},
                "x": 0.16,
                "len": 0.8,
                "pad": {"b": 16},
            }
        ],
        updatemenus=[
            {
                "type": "buttons",
                "showactive": False,
                "direction": "left",
                "x": 0.02,
                "y": 0.0,
                "xanchor": "left",
                "yanchor": "top",
                "pad": {"t": 26},
                "buttons": [
                    {"label": "Play", "method": "animate", "args": [None, play]},
                    {"label": "Stop", "method": "animate", "args": [[None], jump]},
                ],
            }
        ],
    )
    return _page(figure, title, text)


def hypersphere_page(table: pd.DataFrame, title: str, text: str) -> str:
    """Page with both kinds of arrows; a click on the legend hides one."""
    points = table[["x", "y", "z"]].to_numpy()
    parts: list = [_sphere(), _graticule()]
    parts.append(go.Scatter3d(**_coordinates(points), mode="markers", marker={"size": 4, "color": INK}, name="points"))
    for prefix, name, colour in (("fixed_", "fixed vector, projected", BLUE), ("field_", "attention field", RED)):
        vectors = table[[f"{prefix}{axis}" for axis in "xyz"]].to_numpy()
        scale = 0.42 / max(np.linalg.norm(vectors, axis=1).max(), 1e-12)
        tips = points + scale * vectors
        lines = _paths(np.stack([points, tips]))
        parts.append(
            go.Scatter3d(
                **lines, mode="lines", line={"width": 5, "color": colour}, name=name, legendgroup=name, hoverinfo="skip"
            )
        )
        lengths = np.linalg.norm(vectors, axis=1)
        keep = lengths > 1e-9
        arrows = scale * vectors[keep]
        parts.append(
            go.Cone(
                **_coordinates(tips[keep]),
                **{k: np.round(arrows[:, c], 4).tolist() for c, k in enumerate("uvw")},
                anchor="center",
                sizemode="raw",
                sizeref=0.28,
                colorscale=[[0, colour], [1, colour]],
                showscale=False,
                hoverinfo="skip",
                legendgroup=name,
                name=name,
            )
        )
    return _page(go.Figure(data=parts, layout=_layout()), title, text)
