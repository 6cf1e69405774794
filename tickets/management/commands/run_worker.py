"""What happens without anybody at a screen, in one process that runs beside the web server."""

import logging
import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from tickets import outbox, reminding

log = logging.getLogger(__name__)
PAUSE = 2  # seconds between looks into the outbox: one query of an index that is mostly empty
SILENCE_EVERY = 600
LONGEST_PAUSE = 60  # while mail server or database are away


class Command(BaseCommand):
    help = "Send mails, remind and close after silence, until SIGTERM; several share the work"

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *, once, **options):
        self.next_pass = 0
        if once:
            self.round_or_raise()
            return
        self.over = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.over.set())
        self.work()

    def work(self):
        """Round after round; a round that fails is told once and tried again, ever more slowly."""
        pause, problem = PAUSE, ""
        while not self.over.wait(pause):
            close_old_connections()
            before, problem = problem, self.round()
            if problem and problem != before:
                log.error("the outbox waits: %s", problem)
            elif before and not problem:
                log.warning("the outbox goes on")
            pause = min(pause * 2, LONGEST_PAUSE) if problem else PAUSE

    def round_or_raise(self):
        """Send what is due; every SILENCE_EVERY seconds, before that, act on silence (R135)."""
        if time.monotonic() >= self.next_pass:
            reminding.act()
            self.next_pass = time.monotonic() + SILENCE_EVERY
        outbox.deliver()

    def round(self):
        """The same; '' or why it could not be done, in a word without anybody's data."""
        try:
            self.round_or_raise()
        except outbox.MailServerDown as error:
            return f"mail server: {error}"
        except Error as error:
            return f"database: {type(error).__name__}"
        return ""
