"""Interactive views of the atlas: what a page loads to turn, zoom and play the data of a figure."""
