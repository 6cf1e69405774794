"""Makes the User Guides and Video Tutorials in docs/published from docs/guide and the journeys.

`make docs` runs the journeys for pictures and films, then `python -m guidebook`. Nothing here runs
in the portal itself: what is made is published by `manage.py publish_guides`.
"""
