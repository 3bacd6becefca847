"""The Telegram side and the process."""
