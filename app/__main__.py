"""`python -m app` is `fringewatch`."""

from app.cli import main

main()
