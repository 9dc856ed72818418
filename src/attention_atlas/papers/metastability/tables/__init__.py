"""Tables that the talk makes of the configuration alone: each module gives ``tables(...)``, one or several by name."""
