"""The site as it is described: its release, its systems and their roles, and the files that a user names."""
