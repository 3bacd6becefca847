"""A local X to try everything against: OAuth, API, pages. Imports nothing of the rest of the project."""
