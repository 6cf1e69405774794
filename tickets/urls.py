from django.urls import path, re_path, register_converter

from tickets import files, inbox, lists, lookup, supervision, views
from tickets.numbers import NumberConverter, TypedConverter

register_converter(NumberConverter, "ticket")
register_converter(TypedConverter, "typed")

app_name = "tickets"

urlpatterns = [
    path("masuk/lanjut/", views.arrive, name="arrive"),
    path("tiket/", lists.tickets, name="tickets"),
    path("tiket/baru/", lists.new, name="new"),
    path("tiket/proses/", lists.running, name="running"),
    path("tiket/daftar/", lists.handled, name="list"),
    path("tiket/rincian/", lists.counted, name="counted"),
    re_path(
        r"^tiket/(?P<name>baru|proses|daftar|rincian)\.(?P<extension>csv|xlsx)$",
        lists.download,
        name="list_file",
    ),
    path("cari-tiket/", lookup.lookup, name="lookup"),
    # any text: a wrong number must not be told from an unknown one, not even by the address
    path("lacak-tiket/<typed:number>/", lookup.track, name="track"),
    path("tiket/buat/", views.create, name="create"),
    path("tiket/cari/", lists.find, name="find"),
    path("tiket/alur/", views.flow, name="flow"),
    path("tiket/hitungan/", lists.counters, name="counters"),
    path("tiket/alihkan/", supervision.held, name="held"),
    path("notifikasi/", inbox.notices, name="notices"),
    path("notifikasi/dibaca/", inbox.read_all, name="notices_read"),
    path("notifikasi/surel/", inbox.settings, name="notice_settings"),
    path("notifikasi/<int:pk>/", inbox.open_notice, name="notice"),
    path("tiket/<ticket:number>/dilihat/", inbox.seen, name="seen"),
    path("tiket/<ticket:number>/alihkan/", supervision.reassign, name="reassign"),
    path("tiket/<ticket:number>/", views.detail, name="detail"),
    path("tiket/<ticket:number>/berkas/<int:pk>/", files.download, name="download"),
    path("tiket/<ticket:number>/berkas/<int:pk>/pratinjau/", files.preview, name="preview"),
    path("tiket/<ticket:number>/<slug:slug>/", views.act, name="act"),
]
