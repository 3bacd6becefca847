"""Every sentence the bot says. Imports nothing of ours."""
