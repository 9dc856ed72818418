"""Errors that a user can act on."""

__all__ = ["COMMAND_VARIABLE", "AtlasError", "DataFileError"]

# Environment variable with the command line of the run, for messages that say how to go on; ./atlas sets it.
COMMAND_VARIABLE = "ATLAS_COMMAND"


class AtlasError(ValueError):
    """A value that the user can mend: an argument, a key of the configuration, a file.

    The message is one line that names what is wrong and its value,
    the bound, and the fix. Scripts print it without a traceback.
    """


class DataFileError(AtlasError):
    """A file between two rules is missing, damaged or not what its reader expects."""
