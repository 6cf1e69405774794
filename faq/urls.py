from django.urls import path

from faq import views

app_name = "faq"

urlpatterns = [
    path("faq/", views.articles, name="list"),
    path("faq/saran/", views.suggestions, name="suggestions"),  # so no article is called 'saran'
    path("faq/<slug:slug>/", views.detail, name="detail"),
    path("faq/<slug:slug>/penilaian/", views.vote, name="vote"),
    path("faq/<slug:slug>/menjawab/", views.answered, name="answered"),
]
