"""Roles of people and levels of handling (R4-R7). Imports nothing of ours."""

from django.db import models


class Role(models.TextChoices):
    """What a person is in LPSE Support. The values are also the `role` claims of the hand-off."""

    PENYEDIA = "penyedia", "Penyedia"
    PPK = "ppk", "PPK"
    PP = "pp", "PP"
    POKJA = "pokja", "Pokja Pemilihan"
    LPSE_L1 = "lpse_l1", "LPSE Level 1"
    LPSE_L2 = "lpse_l2", "LPSE Level 2"
    LKPP_L1 = "lkpp_l1", "LKPP Level 1"
    LKPP_L2 = "lkpp_l2", "LKPP Level 2"


REPORTERS = (Role.PENYEDIA, Role.PPK, Role.PP, Role.POKJA)
LPSE_OFFICERS = (Role.LPSE_L1, Role.LPSE_L2)
LKPP_OFFICERS = (Role.LKPP_L1, Role.LKPP_L2)
OFFICERS = LPSE_OFFICERS + LKPP_OFFICERS


class Level(models.IntegerChoices):
    """Who has the ball, from the LPSE's helpdesk up to LKPP's engineers (R5-R7)."""

    LPSE_1 = 1, "LPSE Level 1"
    LPSE_2 = 2, "LPSE Level 2"
    LKPP_1 = 3, "LKPP Level 1"
    LKPP_2 = 4, "LKPP Level 2"


LEVEL_OF_ROLE = dict(zip(OFFICERS, Level, strict=True))
ROLE_OF_LEVEL = dict(zip(Level, OFFICERS, strict=True))
