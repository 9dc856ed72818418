"""The examples in the docstrings of the public functions, and the front door itself."""

import doctest
import importlib
import inspect
import subprocess
import sys

import pytest

import attention_atlas as aa
from attention_atlas.library import PUBLIC

FUNCTIONS = [name for name in PUBLIC if inspect.isfunction(getattr(aa, name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_a_public_function_runs(name):
    tests = [test for test in doctest.DocTestFinder().find(getattr(aa, name), name) if test.examples]
    assert tests, f"aa.{name} has no example"
    for test in tests:
        assert doctest.DocTestRunner().run(test).failed == 0, f"aa.{name}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_says_what_it_raises(name):
    function = getattr(aa, name)
    text = function.__doc__ or ""
    for heading in ("Parameters", "Raises"):
        assert f"\n    {heading}\n    -----" in text, f"aa.{name} has no part {heading}"
    for parameter in inspect.signature(function).parameters:
        assert parameter in text, f"aa.{name} does not say what {parameter} is"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_options_are_keyword_only(name):
    parameters = inspect.signature(getattr(aa, name)).parameters.values()
    optional = [one.name for one in parameters if one.default is not one.empty and one.kind is not one.KEYWORD_ONLY]
    # D is the matrix of the energy and kind the law of the starts: no options
    assert set(optional) <= {"D", "kind"}


def test_all_names_are_there():
    assert set(PUBLIC) < set(aa.__all__)
    assert dir(aa) == sorted(aa.__all__)
    for name, theme in PUBLIC.items():
        assert getattr(aa, name) is getattr(importlib.import_module(theme), name)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'attention_atlas' has no attribute 'sphere_flw'"):
        _ = aa.sphere_flw


def test_errors_are_value_errors():
    assert issubclass(aa.AtlasError, ValueError)


def test_importing_the_package_loads_no_compiler():
    program = (
        "import sys, attention_atlas as aa; dir(aa); aa.AtlasError; aa.energy([[1.0, 0.0]]);"
        "assert not {'numba', 'llvmlite', 'scipy', 'pandas'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
