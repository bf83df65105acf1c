"""A finding is where a requirement and the answer of a check meet; a waiver accepts one until a day."""
