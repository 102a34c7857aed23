"""What the sandbox's child runs in a test: a reader that never ends."""

from model.files import sandbox

sandbox.limit_this_process(1)
while True:
    pass
