"""Boot media as a folder: a USB stick, or the files copied off an image, on a disk or in an archive."""

from __future__ import annotations

from certaudit.evidence import Input
from certaudit.loaders.files import MediaSource
from certaudit.loaders.source import Source

FORMAT = "boot-media-folder"


def sniff(source: Source) -> bool:
    """True for a folder that holds media variables in their place."""
    return isinstance(source, MediaSource)


def load(source: Source) -> Input:
    """The evidence on the media. Raises UnreadableError where its variables cannot be had."""
    from certaudit.loaders.media import boot_media  # here, because this is the first format that is tried

    assert isinstance(source, MediaSource)
    return boot_media.load(source, source.files, FORMAT)
