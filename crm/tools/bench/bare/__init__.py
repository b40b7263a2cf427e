"""A bare Django project over the same tables, as `startproject` would have it: what a page costs before it is ours."""
