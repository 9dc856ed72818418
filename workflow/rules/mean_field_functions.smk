# Functions of mean_field.smk: settings and inputs of its jobs.


def mean_field_blocks(*names):
    """The blocks of the configuration that a job depends on; all need the model and the start."""
    return {name: MEAN_FIELD[name] for name in ("model", "start", *names)}


def mean_field_slabs(folder, settings):
    return [run_file("mean_field", f"{folder}/{slab}.npz") for slab in range(settings["slabs"])]
