"""Formatted text: from what a bot or a person sends to plain text with Bot API entities.

Nothing here knows messages or chats.
"""

from sandbox.telegram.entities.formatted import CannotParse, Formatted, detected, formatted

__all__ = ["CannotParse", "Formatted", "detected", "formatted"]
