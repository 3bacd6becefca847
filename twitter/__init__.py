"""The X side: authorizing, posting, reading, counting. Imports nothing of ours."""
