from django.urls import path

from accounts import demo_mail, spse, views

app_name = "accounts"

urlpatterns = [
    path("masuk/spse/", views.handoff, name="handoff"),
    path("masuk/lpse/", views.find_lpse, name="find_lpse"),
    path("keluar/semua-perangkat/", views.leave_everywhere, name="leave_everywhere"),
    path("surel-latihan/", demo_mail.mails, name="demo_mails"),
    path("surel-latihan/<slug:name>/", demo_mail.mail, name="demo_mail"),
    path("surel-latihan/<slug:name>/html/", demo_mail.mail_html, name="demo_mail_html"),
    path("spse/", spse.offices, name="spse"),
    path("spse/<slug:code>/", spse.home, name="spse_home"),
    path("spse/<slug:code>/login/", spse.login, name="spse_login"),
    path("spse/<slug:code>/logout/", spse.logout, name="spse_logout"),
    path("spse/<slug:code>/beranda/", spse.start, name="spse_start"),
    path("spse/<slug:code>/inaproc/", spse.inaproc, name="spse_inaproc"),
    path("spse/<slug:code>/inaproc/masuk/", spse.enter, name="spse_enter"),
]
