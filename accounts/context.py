"""What every template knows about the portal."""

from django.conf import settings


def portal(request):
    return {
        "is_demo": settings.DEMO,
        "has_simulator": settings.SPSE_SIMULATOR,
        "second_factor_required": settings.SECOND_FACTOR_REQUIRED,
    }
