"""`fringewatch`, and `python -m app`."""


def main() -> None:
    """Runs the command line, imported only here: processes that read pages import this module, too, and need none."""
    from app.cli import main as run

    run()


if __name__ == "__main__":
    main()
