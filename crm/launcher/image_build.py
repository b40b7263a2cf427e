"""What an image holds beside the code: front-end libraries, compiled languages, collected static files."""

import os

from crm.launcher import frontend, preparation
from crm.launcher.paths import InstallationPaths, make_folder


def main() -> None:
    """Runs while the image is built; needs npm's registry, no database."""
    frontend.ensure_frontend()
    preparation.compile_languages()
    preparation.collect_static()
    make_folder(
        InstallationPaths.of(dict(os.environ)).var / "media"
    )  # so that a volume there belongs to the product's user


if __name__ == "__main__":
    main()
