from django.contrib import admin

from faq import guide_admin  # noqa: F401  registers its own
from faq.models import Article, Topic


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["name", "position"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ["question", "topic", "is_published", "position"]
    list_filter = ["is_published", "topic"]
    list_select_related = ["topic"]
    search_fields = ["question", "short_answer"]
    prepopulated_fields = {"slug": ["question"]}
