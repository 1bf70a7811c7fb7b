"""Multi-step protocols as generators: yield a message, receive the reply, return the result.

No input or output happens inside a flow, so a test, the mail carrier, an HTTP client and the
stepper of a notebook drive the very same function, and every `yield` is a step one can look at.
"""

from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar

Sent = TypeVar("Sent")
Received = TypeVar("Received")
Result = TypeVar("Result")

Flow: TypeAlias = Generator[Sent, Received, Result]


def drive(flow: Flow[Sent, Received, Result], answer: Callable[[Sent], Received]) -> Result:
    """Run `flow` to its end, answering each message it yields with `answer(message)`."""
    try:
        message = next(flow)
        while True:
            message = flow.send(answer(message))
    except StopIteration as end:
        result: Result = end.value
        return result
