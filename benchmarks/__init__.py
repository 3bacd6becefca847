"""What things cost: each part is a module of its own, `python -m benchmarks` runs them all."""
