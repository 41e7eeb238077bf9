"""Pages, REST and static files."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superapp.settings")

django_application = get_wsgi_application()

from superapp.checks import refuse_if_unsafe  # noqa: E402  (needs Django to be set up)
from superapp.static_files import beside  # noqa: E402

refuse_if_unsafe()
application = beside(django_application)
