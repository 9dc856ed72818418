"""The authors' notebook and the statements of their talk, one module a topic: ``<topic>_table(settings)`` is talk_<topic>.csv."""
