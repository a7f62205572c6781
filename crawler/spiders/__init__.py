"""Spiders: thin; they take pages from the frontier and nothing else."""
