"""The floor: what Django itself costs on this machine, without a product.

Its settings are those of `startproject`, with a signed-in person, the same gunicorn and the same
database. A view asks one indexed query and draws 25 rows: eight bare columns, or the cells, icons,
times and links of the portal's queue, by the tags and filters that Django has.
"""
