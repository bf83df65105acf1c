"""`python -m certaudit`."""

from certaudit.cli import main

main()
