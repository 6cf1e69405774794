from django.db import migrations, models

IS_POWERLESS = models.Q(role="", is_active=False, is_staff=False, is_superuser=False)


class Migration(migrations.Migration):
    """Steps that time does have an actor of their own, with whom nobody can sign in."""

    dependencies = [("accounts", "0004_security_entry")]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                name="user_system_is_powerless",
                condition=~models.Q(username="@sistem") | IS_POWERLESS,
                violation_error_message="Akun sistem tidak dapat diubah.",
            ),
        ),
    ]
