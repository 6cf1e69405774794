"""Dates as the portal writes them, also in the administration: '24 Nov 2026 06.34 WIB' (R131)."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y H.i T"
