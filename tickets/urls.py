from django.urls import path, register_converter

from tickets import supervision, views
from tickets.numbers import NumberConverter

register_converter(NumberConverter, "ticket")

app_name = "tickets"

urlpatterns = [
    path("masuk/lanjut/", views.arrive, name="arrive"),
    path("tiket/", views.tickets, name="tickets"),
    path("tiket/baru/", views.new, name="new"),
    path("tiket/proses/", views.running, name="running"),
    path("tiket/daftar/", views.handled, name="list"),
    path("tiket/buat/", views.create, name="create"),
    path("tiket/cari/", views.find, name="find"),
    path("tiket/alihkan/", supervision.held, name="held"),
    path("tiket/<ticket:number>/alihkan/", supervision.reassign, name="reassign"),
    path("tiket/<ticket:number>/", views.detail, name="detail"),
    path("tiket/<ticket:number>/berkas/<int:pk>/", views.download, name="download"),
    path("tiket/<ticket:number>/berkas/<int:pk>/pratinjau/", views.preview, name="preview"),
    path("tiket/<ticket:number>/<slug:slug>/", views.act, name="act"),
]
