import _library
