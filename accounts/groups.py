"""The two groups of administrators that come ready-made (R134).

Other apps are named, not imported: this list is read when their permissions exist.
"""

from django.apps import apps as global_apps

ALL = ("add", "change", "delete", "view")
KEEP = ("add", "change", "view")  # entries are switched off, never deleted
LOOK = ("view",)

FAQ = {"faq": {"*": ALL}}
GROUPS = {
    "Pengelola FAQ": FAQ,
    "Administrator": FAQ
    | {
        "accounts": {"user": KEEP, "lpse": KEEP, "securityentry": LOOK},
        "tickets": {
            "category": KEEP,
            "appversion": KEEP,
            "holiday": ALL,
            "ticket": (*LOOK, "reassign"),
            "event": LOOK,
            "attachment": LOOK,
            "rating": LOOK,
            "reading": LOOK,
            "dayroot": LOOK,
            "scan": LOOK,
            "notice": (*LOOK, "resend"),
        },
    },
}


def fill_groups(app_config, using, apps=global_apps, **kwargs):
    """After each app's migrations: make the groups, and add what they may do with that app.

    Never takes away what administrators added. A permission that does not exist is left out.
    """
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, by_app in GROUPS.items():
        models = by_app.get(app_config.label)
        if models is None:
            continue
        group, _ = Group.objects.using(using).get_or_create(name=name)
        of_app = Permission.objects.using(using).filter(content_type__app_label=app_config.label)
        group.permissions.add(
            *(p for p in of_app.select_related("content_type") if _is_listed(p, models))
        )


def _is_listed(permission, models):
    model = permission.content_type.model
    verbs = models.get(model, models.get("*", ()))
    return permission.codename in {f"{verb}_{model}" for verb in verbs}
