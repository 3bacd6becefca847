"""A local Telegram and a local X, to try everything without accounts. Imports nothing of ours."""
