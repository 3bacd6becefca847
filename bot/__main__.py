"""`python -m bot` is the command `pinfeather`; its commands stand in cli.py."""

from bot.cli import main

if __name__ == "__main__":
    main()
