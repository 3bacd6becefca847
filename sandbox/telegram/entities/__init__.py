"""Formatted text: from what a bot or a person sends to plain text with Bot API entities.

Nothing here knows messages or chats.
"""

from sandbox.telegram.entities.formatted import Formatted, detected, formatted
from sandbox.telegram.entities.pieces import CannotParse

__all__ = ["CannotParse", "Formatted", "detected", "formatted"]
