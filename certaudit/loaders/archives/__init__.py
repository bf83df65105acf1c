"""Archives: containers that are a file, whose members are unpacked in memory and never written to a disk."""
