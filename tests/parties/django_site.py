# Django with Python Social Auth: discovery, no PKCE, name and address from the userinfo endpoint.
import os
import sys

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import include, path

PORT = os.environ["PORT"]

settings.configure(
    SECRET_KEY="of the session",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["localhost"],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "social_django",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["social_core.backends.open_id_connect.OpenIdConnectAuth"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["FOLDER"] + "/django.sqlite"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    LOGIN_REDIRECT_URL="/me",
    SOCIAL_AUTH_OIDC_OIDC_ENDPOINT=os.environ["ISSUER"],
    # Whatever fails here is said, with its reason, on stderr.
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR"}},
    },
    # Its users have a first name and a last one; the whole of it is kept beside.
    SOCIAL_AUTH_OIDC_EXTRA_DATA=["name"],
    SOCIAL_AUTH_OIDC_KEY=os.environ["CLIENT"],
    SOCIAL_AUTH_OIDC_SECRET=os.environ["SECRET"],
)
django.setup()


def me(request):
    user = request.user
    [social] = user.social_auth.all()
    return JsonResponse(
        {"sub": social.uid, "name": social.extra_data["name"], "username": user.username, "email": user.email}
    )


urlpatterns = [
    path("", lambda request: redirect("social:begin", "oidc")),
    path("me", me),
    path("", include("social_django.urls", namespace="social")),
]

execute_from_command_line([sys.argv[0], "migrate", "--verbosity=0"])
execute_from_command_line([sys.argv[0], "runserver", "--noreload", "localhost:" + PORT])
