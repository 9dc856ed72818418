"""Checks of the merged configuration, before any rule runs.

The JSON schema (``workflow/schemas``) bounds every value by itself; ``validation`` applies it and the modules beside it
check values against each other. Every violation is one line that names the key, the value, the bound and the fix.

Nothing is imported here: scripts use ``values`` in environments that hold no schema library.
"""
