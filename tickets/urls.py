from django.urls import path, register_converter

from tickets import lookup, views
from tickets.numbers import NumberConverter, TypedConverter

register_converter(NumberConverter, "ticket")
register_converter(TypedConverter, "typed")

app_name = "tickets"

urlpatterns = [
    path("masuk/lanjut/", views.arrive, name="arrive"),
    path("cari-tiket/", lookup.lookup, name="lookup"),
    # any text: a wrong number must not be told from an unknown one, not even by the address
    path("lacak-tiket/<typed:number>/", lookup.track, name="track"),
    path("tiket/", views.tickets, name="tickets"),
    path("tiket/baru/", views.new, name="new"),
    path("tiket/proses/", views.running, name="running"),
    path("tiket/daftar/", views.handled, name="list"),
    path("tiket/buat/", views.create, name="create"),
    path("tiket/cari/", views.find, name="find"),
    path("tiket/<ticket:number>/", views.detail, name="detail"),
    path("tiket/<ticket:number>/berkas/<int:pk>/", views.download, name="download"),
    path("tiket/<ticket:number>/berkas/<int:pk>/pratinjau/", views.preview, name="preview"),
    path("tiket/<ticket:number>/<slug:slug>/", views.act, name="act"),
]
