"""Checks of the merged configuration, before any rule runs.

The JSON schema (``workflow/schemas``) bounds every value by itself; the modules
beside this file check values against each other. Every violation is one line
that names the key, the value, the bound and the fix.
"""

from attention_atlas.configuration.validation import ConfigError, load_schema, validate_config

__all__ = ["ConfigError", "load_schema", "validate_config"]
