"""What the rules say of this process's run when they are read, for the console to look up."""

from attention_atlas.job_requests import JobRequest

__all__ = ["COMPUTING", "TARGETS"]

# Rule -> what its jobs ask for, whose seconds are those of the machine with which the sizes were measured.
COMPUTING: dict[str, JobRequest] = {}
# Names that can be asked for: figures, papers and files of figures.
TARGETS: set[str] = set()
