"""A reader that never ends, for a test of the sandbox."""

from model.files import sandbox

sandbox.limit_this_process(1)
while True:
    pass
