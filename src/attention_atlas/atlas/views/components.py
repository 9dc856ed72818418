"""The scripts of the interactive views: which ones a component needs, in the order in which a page loads them."""

__all__ = ["COMPONENTS", "CORE", "LIBRARY"]

# file in web/ -> file in the folder of the atlas
LIBRARY = {"vendor/d3/d3.min.js": "views/d3.min.js", "vendor/d3/LICENSE": "views/d3-licence.txt"}
CORE = ("core.js", "views.css")
# component -> its scripts, after the core
COMPONENTS = {
    "sphere": ("scene.js", "sphere.js"),
    "circle": ("scene.js", "circle.js"),
    "bifurcation": ("zoom.js", "bifurcation.js"),
    "heatmap": ("zoom.js", "heatmap.js"),
}
