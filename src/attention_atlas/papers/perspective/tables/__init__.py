"""Tables that perspective makes of the configuration alone: each module gives ``tables(settings)``, one or several by name."""
