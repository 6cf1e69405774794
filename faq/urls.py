from django.urls import path

from faq import guide_views, views

app_name = "faq"

urlpatterns = [path("faq/", views.articles, name="list")]

urlpatterns += [
    path("panduan/", guide_views.guides, name="guides"),
    path("panduan/<int:pk>/", guide_views.guide, name="guide"),
    path("panduan/<int:pk>/unduh/", guide_views.download, name="download"),
    path("panduan/<int:pk>/putar/", guide_views.play, name="play"),
    path("panduan/<int:pk>/teks/", guide_views.captions, name="captions"),
]
