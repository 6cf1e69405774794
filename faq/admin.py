"""The FAQ for those who keep it: administrators, LKPP (national articles), Level 2 (its own)."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.admin.editable import EditableList
from faq import guide_admin, rules  # noqa: F401 – guide_admin registers its own
from faq.forms import ArticleForm
from faq.models import Article, Topic

TEXTS = {"question", "short_answer", "body"}  # a change of these is told to readers


@admin.register(Topic)
class TopicAdmin(EditableList, admin.ModelAdmin):
    list_display = ["name", "slug", "position"]
    list_editable = ["position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Article)
class ArticleAdmin(EditableList, admin.ModelAdmin):
    form = ArticleForm
    list_display = [
        "question", "topic", "audience", "scope", "is_published", "position",
        "helpful", "unhelpful", "answered",
    ]  # fmt: skip
    list_editable = ["position"]
    list_filter = ["is_published", "audience", "topic", ("lpse", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["topic", "lpse"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER  # a query for each filter
    search_fields = ["question", "short_answer", "body"]
    search_help_text = "Kata dalam pertanyaan atau jawaban"
    prepopulated_fields = {"slug": ["question"]}
    actions = ["publish", "unpublish"]
    fieldsets = [
        (None, {"fields": ["question", "short_answer", "body", "seen"]}),
        ("Tempat", {"fields": ["topic", "audience", "lpse", "position", "is_published", "slug"]}),
    ]

    # Who may what

    def _may(self, request, action, article):
        """By an administrator's permission, or by a role for what it keeps."""
        if rules.is_administrator(request.user, action):
            return True
        return rules.keeps(request.user, article) if article else rules.is_keeper(request.user)

    def _sees_all(self, request):
        return any(rules.is_administrator(request.user, a) for a in ("view", "add", "change"))

    def _chooses_scope(self, request, article):
        """For those who keep articles by their role the LPSE is always their own."""
        return rules.is_administrator(request.user, "change" if article else "add")

    def has_module_permission(self, request):
        return self._sees_all(request) or rules.is_keeper(request.user)

    def has_view_permission(self, request, obj=None):
        return self._may(request, "view", obj) or self._may(request, "change", obj)

    def has_add_permission(self, request):
        return self._may(request, "add", None)

    def has_change_permission(self, request, obj=None):
        return self._may(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return self._may(request, "delete", obj)

    def get_queryset(self, request):
        articles = super().get_queryset(request).with_counts()
        return articles if self._sees_all(request) else articles.editable_by(request.user)

    # What each sees

    def get_fieldsets(self, request, obj=None):
        if self._sees_all(request):
            return self.fieldsets
        texts, (title, place) = self.fieldsets
        fields = [field for field in place["fields"] if field != "lpse"]
        return [texts, (title, {"fields": fields})]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """An article of one LPSE is read by nobody outside, whatever its audience."""
        if db_field.name == "audience" and request.user.lpse_id:
            kwargs["choices"] = [("public", "Pelapor dan petugas LPSE ini"),
                                 *Article.Audience.choices[1:]]  # fmt: skip
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return [] if self._chooses_scope(request, obj) else ["lpse"]

    def get_list_filter(self, request):
        """Without the LPSE, the last, where there is only one."""
        return self.list_filter if self._sees_all(request) else self.list_filter[:-1]

    def get_autocomplete_fields(self, request):
        """A list of 700 LPSE is searched where this person may look at LPSE, else chosen from."""
        return ["lpse"] if request.user.has_perm("accounts.view_lpse") else []

    @admin.display(description="cakupan", ordering="lpse__name")
    def scope(self, article):
        return article.lpse or "Nasional"

    @admin.display(description="membantu", ordering="helpful")
    def helpful(self, article):
        return article.helpful

    @admin.display(description="tidak", ordering="unhelpful")
    def unhelpful(self, article):
        return article.unhelpful

    @admin.display(description="terjawab", ordering="answered")
    def answered(self, article):
        return article.answered

    def view_on_site(self, article):
        """Straight to the page, which a draft does not have."""
        return article.get_absolute_url() if article.is_published else None

    # What happens

    def _settle_scope(self, request, article, change):
        """Whatever a form says, who does not choose the LPSE writes for their own."""
        if not self._chooses_scope(request, article if change else None):
            article.lpse = request.user.lpse

    def save_model(self, request, obj, form, change):
        self._settle_scope(request, obj, change)
        if not change or TEXTS & set(form.changed_data):
            obj.updated_at, obj.updated_by = timezone.now(), request.user
        super().save_model(request, obj, form, change)

    @admin.action(description="Terbitkan artikel terpilih", permissions=["change"])
    def publish(self, request, queryset):
        self._set_published(request, queryset, True, "diterbitkan")

    @admin.action(description="Jadikan draf artikel terpilih", permissions=["change"])
    def unpublish(self, request, queryset):
        self._set_published(request, queryset, False, "dijadikan draf")

    def get_changelist_instance(self, request):
        """Only who may change every article sorts them in the list."""
        changelist = super().get_changelist_instance(request)
        if self._sees_all(request) and not rules.is_administrator(request.user, "change"):
            changelist.list_editable = ()
        return changelist

    def _set_published(self, request, queryset, is_published, done):
        """Of the chosen articles those that this person may change."""
        if not rules.is_administrator(request.user, "change"):
            queryset = queryset.editable_by(request.user)
        changed = list(queryset.exclude(is_published=is_published))
        Article.objects.filter(pk__in=[article.pk for article in changed]).update(
            is_published=is_published
        )
        if changed:
            LogEntry.objects.log_actions(request.user.pk, changed, CHANGE, done.capitalize())
        messages.success(request, f"{len(changed)} artikel {done}.")

    # Preview

    def get_urls(self):
        preview = self.admin_site.admin_view(require_POST(self.preview))
        return [
            path("add/pratinjau/", preview, name="faq_article_preview_new"),
            path("<path:object_id>/pratinjau/", preview, name="faq_article_preview"),
            *super().get_urls(),
        ]

    def preview(self, request, object_id=None):
        """'Pratinjau': how the article will look as it is typed now; stores nothing."""
        article = None
        if object_id and (article := self.get_object(request, unquote(object_id))) is None:
            raise Http404
        if not self._may(request, "change" if article else "add", article):
            raise PermissionDenied
        form = self.get_form(request, article, change=bool(article))(request.POST, instance=article)
        form.is_valid()  # gives the instance what can be read, whatever is wrong
        self._settle_scope(request, form.instance, change=bool(article))
        form.instance.updated_at = timezone.now()
        return render(request, "faq/preview.html", {"form": form, "article": form.instance})
