"""Questions of one's own: the block ``experiments`` of the configuration, asked of the engine of attention."""
