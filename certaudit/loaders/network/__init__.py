"""The network: `--fetch` and `certaudit probe`, and nothing else, contact anybody.

No module outside this room opens a connection or resolves a name, and the command line alone asks for one inside it.
Whoever is contacted is announced before, every wait has an end and every answer a size.
"""
