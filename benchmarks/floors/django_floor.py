"""Django: the middleware that `startproject` puts in, a template, the same query by its ORM on a kept connection."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

_CONTRIB = "django.contrib"
settings.configure(
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[f"{_CONTRIB}.{name}" for name in ("auth", "contenttypes", "sessions", "messages")],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        f"{_CONTRIB}.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        f"{_CONTRIB}.auth.middleware.AuthenticationMiddleware",
        f"{_CONTRIB}.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [os.path.join(os.path.dirname(__file__), "templates")],  # noqa: PTH118, PTH120
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    f"{_CONTRIB}.auth.context_processors.auth",
                    f"{_CONTRIB}.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_DB"], "CONN_MAX_AGE": None}
    },
)
django.setup()


class Receipt(models.Model):
    """The product's table, as far as the query needs it."""

    account_id = models.IntegerField()
    month = models.IntegerField()

    class Meta:
        app_label = "floor"
        db_table = "receipts"


class BalanceLine(models.Model):
    """A service of a receipt, in kopecks."""

    receipt = models.ForeignKey(Receipt, models.DO_NOTHING)
    service = models.TextField()
    debt = models.IntegerField()
    paid = models.IntegerField()
    charged = models.IntegerField()
    total = models.IntegerField()

    class Meta:
        app_label = "floor"
        db_table = "balance_lines"


def part(request: HttpRequest) -> HttpResponse:
    """The page with the rows of ?account=&month=."""
    lines = BalanceLine.objects.filter(
        receipt__account_id=int(request.GET["account"]), receipt__month=int(request.GET["month"])
    ).order_by("id")
    found = [
        {"service": o.service, "debt": o.debt / 100, "paid": o.paid / 100, "charged": o.charged / 100,
         "total": o.total / 100}
        for o in lines
    ]  # fmt: skip
    return render(request, "django_page.html", {"rows": found})


urlpatterns = [path("part", part)]
app = get_wsgi_application()
