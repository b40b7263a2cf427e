"""What an image holds beside the code: front-end libraries, compiled languages, collected static files."""

import os

from crm.embedded import frontend, prepare
from crm.embedded.places import Places, made


def main() -> None:
    """Runs while the image is built; needs npm's registry, no database."""
    frontend.ensure()
    prepare.compile_languages()
    prepare.collect_static()
    made(Places.of(dict(os.environ)).var / "media")  # so that a volume there belongs to the product's user


if __name__ == "__main__":
    main()
