"""The public functions of ``import attention_atlas as aa``, one file a theme.

Each is a thin call of the shared layers: it checks its arguments, does the usual thing, and returns a named tuple of arrays;
``attention_flow`` and its starts are the engine itself.
What all have in common stands in ``docs/library.md``.
"""

__all__ = ["PUBLIC"]

# theme -> its public names
_THEMES = {
    "attention_atlas.errors": ["AtlasError"],
    "attention_atlas.library.points": ["circle_angles", "circle_points", "uniform_angles", "uniform_points"],
    "attention_atlas.library.sphere": ["sphere_flow", "sphere_velocity"],
    "attention_atlas.library.energies": ["energy", "energy_flow"],
    "attention_atlas.library.circle": ["Head", "circle_flow"],
    "attention_atlas.library.growth": ["growth_rates", "most_unstable_degree"],
    "attention_atlas.library.clusters": ["circle_cluster_counts", "cluster_counts"],
    "attention_atlas.library.phases": ["phase_diagram"],
    "attention_atlas.library.mean_field": ["lyapunov_spectrum", "mean_field_network", "mean_field_orbit"],
    "attention_atlas.library.landscape": ["minimal_attention_landscape"],
    "attention_atlas.library.engine": ["attention_flow", "token_starts"],
}
# public name -> module that defines it
PUBLIC = {name: theme for theme, names in _THEMES.items() for name in names}
