"""The CKAN door: the read actions of CKAN's Action API (2.11) as real clients call them, over our own records.

CKAN's words stand here and nowhere else. What differs from CKAN on purpose is told in `docs/ckan.md`.
"""
