"""sitecustomize of the rehearsed environments: each Python process leaves a note of itself when it ends.

REHEARSAL_WITNESS is the folder for the notes: the interpreter, its command line, and the file of each module.
"""

import atexit
import json
import os
import sys


def note() -> None:
    folder = os.environ.get("REHEARSAL_WITNESS")
    if not folder:
        return
    modules = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    about = {
        "executable": sys.executable,
        "prefix": sys.prefix,
        "words": sys.orig_argv,
        "modules": {name: file for name, file in modules.items() if file},
    }
    with open(os.path.join(folder, f"{os.getpid()}.json"), "w") as stream:
        json.dump(about, stream)


atexit.register(note)
