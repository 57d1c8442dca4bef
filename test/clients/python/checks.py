"""What the checks of all clients share: how they are listed and run, and what they expect."""

import sys
import traceback
import urllib.request
import uuid

REASONING = "The user asks for the capital of France. Easy: it is Paris."
ANSWER = "The capital of France is Paris — the city of light."
TAGGED = f"<think>{REASONING}</think>{ANSWER}"

MESSAGES = [{"role": "user", "content": "What is the capital of France?"}]
WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}},
}
PICTURE = {
    "role": "user",
    "content": [
        {"type": "text", "text": "What is on it?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
    ],
}

# How long a client waits that is to give up.
PATIENCE_SECONDS = 0.5
# Longest wait for what has to happen.
LIMIT_SECONDS = 20

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def expect(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} instead of {expected!r}")


def error_of(call, *arguments, **options):
    """The exception that a call ends with."""
    try:
        call(*arguments, **options)
    except Exception as error:
        return error
    raise AssertionError("no error")


class Case:
    """One request of a check, which the scripted server knows by its user."""

    def __init__(self, origin):
        self.origin = origin
        self.user = uuid.uuid4().hex

    def attempts(self):
        """How many requests of it have come."""
        return int(self._ask("attempts"))

    def wait_until_left(self):
        """Returns when the last request of it was left by whoever sent it."""
        expect(self._ask("left"), "left")

    def _ask(self, what):
        url = f"{self.origin}/{what}/{self.user}"
        with urllib.request.urlopen(url, timeout=LIMIT_SECONDS) as reply:
            return reply.read().decode()


def run(client, usage):
    """Runs every check with the base URL ORIGIN/v1 and with ORIGIN alone.

    Ends with exit code 1 when one failed. Each gets the base URL and a Case.
    """
    if len(sys.argv) != 3:
        sys.exit(usage)
    origin, scripted = (argument.rstrip("/") for argument in sys.argv[1:])
    failed = 0
    for base_url in (f"{origin}/v1", origin):
        print(f"{client} at {base_url}")
        for each in CHECKS:
            name = each.__name__.replace("_", " ")
            try:
                each(base_url, Case(scripted))
                print(f"  ok      {name}")
            except Exception:
                failed += 1
                print(f"  FAILED  {name}\n{traceback.format_exc()}")
    print(f"{2 * len(CHECKS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
