"""What a task needs and how it runs."""
