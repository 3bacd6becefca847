"""The database: what is kept, sealed and asked. Imports nothing of ours."""
