"""The measure for an answer: a bare python-telegram-bot that says every text back, by the bot's HTTP client.

Run as `python -m benchmarks.echo`, with the token and the Bot API's origin in ECHO_TOKEN and ECHO_API.
"""

import os

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.line import make_bot


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say a text back."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main() -> None:
    """Poll until SIGTERM."""
    bot = make_bot(os.environ["ECHO_TOKEN"], os.environ["ECHO_API"])
    application = Application.builder().bot(bot).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
