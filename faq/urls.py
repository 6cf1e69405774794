from django.urls import path

from faq import guide_views, views

app_name = "faq"

urlpatterns = [
    path("faq/", views.articles, name="list"),
    path("faq/saran/", views.suggestions, name="suggestions"),  # so no article is called 'saran'
    path("faq/<slug:slug>/", views.detail, name="detail"),
    path("faq/<slug:slug>/penilaian/", views.vote, name="vote"),
    path("faq/<slug:slug>/menjawab/", views.answered, name="answered"),
    path("panduan/", guide_views.guides, name="guides"),
    path("panduan/<int:pk>/", guide_views.guide, name="guide"),
    path("panduan/<int:pk>/unduh/", guide_views.download, name="download"),
    path("panduan/<int:pk>/putar/", guide_views.play, name="play"),
    path("panduan/<int:pk>/teks/", guide_views.captions, name="captions"),
]
