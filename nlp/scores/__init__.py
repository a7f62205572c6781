"""Scores: classifiers, the verdict over what a text says of whom, their training and measuring."""
