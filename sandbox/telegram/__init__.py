"""A Telegram made up for one machine: Bot API, files, and the people who talk to bots through a page.

Nothing of the bot that is tried out here lives in this package, and nothing of it is imported.
"""
