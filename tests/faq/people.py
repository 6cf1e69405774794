"""People at their own test client."""

from django.test import Client


def signed_in(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client
