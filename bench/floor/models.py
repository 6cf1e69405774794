"""Two tables of the portal as somebody would write them who needs one list."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class Person(AbstractBaseUser):
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=150)
    USERNAME_FIELD = "username"

    class Meta:
        managed = False
        db_table = "accounts_user"

    def __str__(self):
        return self.name


class Row(models.Model):
    number = models.CharField(max_length=14)
    title = models.CharField(max_length=100)
    reporter_kind = models.CharField(max_length=10)
    package_code = models.CharField(max_length=40)
    priority = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    lpse_id = models.BigIntegerField()
    reporter = models.ForeignKey(Person, models.PROTECT)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "tickets_ticket"

    def __str__(self):
        return self.number
