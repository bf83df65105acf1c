"""What the module of a format offers: evidence of its own, or members, which are loaded like files of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from certaudit.evidence import Input
from certaudit.loaders.source import Source, UnreadableError


@dataclass(frozen=True)
class Member:
    """One thing inside a container: a file, or a folder that is boot media.

    `name` is that of the input which it becomes, `container/inside`; `source` gets at its bytes while the container is
    gone through, and may raise UnreadableError; `refusal` says why it is not even tried.
    """

    name: str
    source: Callable[[], Source]
    refusal: UnreadableError | None = None


@runtime_checkable
class Leaf(Protocol):
    """A format that is evidence by itself."""

    def sniff(self, source: Source) -> bool:
        """True where the source is of this format, sound or not. Looks at the content and never raises."""

    def load(self, source: Source) -> Input:
        """The evidence in the source. Raises UnreadableError where there is none."""


@runtime_checkable
class Container(Protocol):
    """A format that holds files. `FORMAT` is its name."""

    FORMAT: str

    def sniff(self, source: Source) -> bool:
        """As that of a leaf."""

    def members(self, source: Source) -> Iterator[Member]:
        """Everything inside, in an order that is always the same.

        Raises UnreadableError where it cannot be gone through, or not to its end: what came before stays.
        """
