"""A view as a page that stands alone: one HTML file with style, scripts and data inside, which opens from a disk without a network."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from attention_atlas.atlas.views.components import COMPONENTS, CORE, LIBRARY
from attention_atlas.atlas.views.typed_data import view_script
from attention_atlas.errors import AtlasError

__all__ = ["view_page"]

WEB = Path(__file__).resolve().parents[4] / "web"
PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
$style
body { margin: 0 auto; max-width: 60rem; padding: 0.8rem; }
body { color: var(--ink); background: var(--paper); font: 1rem/1.45 system-ui, sans-serif; }
h1 { font-size: 1.25rem; line-height: 1.25; margin: 0 0 0.4rem; }
p { max-width: 44rem; margin: 0 0 0.8rem; }
</style>
</head>
<body>
<main>
<h1>$title</h1>
<p>$text</p>
<div class="view" data-component="$component" data-source="page"><noscript>This page needs JavaScript.</noscript></div>
</main>
$scripts
</body>
</html>
""")


def _read(path: str) -> str:
    try:
        return (WEB / path).read_text(encoding="utf-8")
    except OSError as error:
        raise AtlasError(f"{WEB / path}: cannot be read ({error.strerror}); restore the file") from error


def _inline(script: str) -> str:
    # "</script" inside a script would end it
    return "<script>\n" + script.replace("</script", "<\\/script") + "</script>"


def view_page(title: str, text: str, component: str, content: Mapping[str, Any]) -> str:
    """The text of the page.

    Parameters
    ----------
    title, text : plain text above the view
    component : ``sphere``, ``circle``, ``bifurcation`` or ``heatmap``
    content : what the script of the component reads, arrays as records of ``typed_data``

    Raises
    ------
    AtlasError
        A script of the views is missing.
    """
    library, licence = (_read(path) for path in LIBRARY)
    style = "\n".join(_read(f"atlas/views/{name}") for name in CORE if name.endswith(".css"))
    own = [name for name in CORE if name.endswith(".js")] + list(COMPONENTS[component])
    scripts = [
        f"/*\n{licence}*/\n{library}",
        *(_read(f"atlas/views/{name}") for name in own),
        view_script("page", content),
    ]
    return PAGE.substitute(
        title=escape(title),
        text=escape(text),
        component=component,
        style=style,
        scripts="\n".join(map(_inline, scripts)),
    )
