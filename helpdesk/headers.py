"""What every answer says to the browser beside Django's own headers, files and errors included."""

OFF = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation"),
    *("gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "usb"),
    *("xr-spatial-tracking", "clipboard-read"),
)
# The button that copies a ticket's number, and the player of the video tutorials
OURS = ("clipboard-write", "fullscreen", "picture-in-picture")
HEADERS = {
    "Permissions-Policy": ", ".join(
        [*(f"{name}=()" for name in OFF), *(f"{name}=(self)" for name in OURS)]
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    """Adds HEADERS where an answer does not say otherwise."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.method == "HEAD" and not response.streaming:  # gunicorn complains of a body
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response
