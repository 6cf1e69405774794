"""The WSGI application that gunicorn serves."""

import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)
django_application = get_wsgi_application()


def application(environ, start_response):
    """Django, which reads every request as UTF-8, whatever charset its sender claims.

    Django obeys the claim before the first middleware runs, and some codecs of Python (hex, idna)
    make it fail there, outside of its own error pages.
    """
    environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return django_application(environ, start_response)
