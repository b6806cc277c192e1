"""Catalogues of the languages besides English, one file each, and `update`, which brings them up to date."""
