"""The experiments of “Try this”, a module a page."""
