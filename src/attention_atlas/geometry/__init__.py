"""The sphere: points, tangents, projections, clusters by distance."""
