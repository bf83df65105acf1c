"""The job, a file a step: load, assign, validate, and say what came of it."""
