"""Energy flow."""
