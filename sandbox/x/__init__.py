"""A local X to try everything against: its OAuth, its API, its pages. Imports nothing of the rest of the project."""
