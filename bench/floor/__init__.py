"""The floor: what Django itself costs on this machine, without a product.

Its settings are those of `startproject`, with a signed-in person, the same gunicorn and the same
database. One view asks one indexed query and draws 25 rows of eight columns with a bare template.
"""
