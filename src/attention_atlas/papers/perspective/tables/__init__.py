"""Tables that perspective makes of the configuration alone: each module gives ``tables(settings)``, by their names where these are several."""
