"""Studies: key figures and claims of seven further papers, asked of the engine of attention."""
