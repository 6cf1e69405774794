"""What happens without anybody at a screen, in one process that runs beside the web server."""

import logging
import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from tickets import outbox, reminding

log = logging.getLogger(__name__)
PAUSE = 2  # seconds between looks into the outbox, at indexes that are mostly empty
SILENCE_EVERY = 600
LONGEST_PAUSE = 60  # while mail server or database are away


class Command(BaseCommand):
    help = "Send mails, remind and close after silence, until SIGTERM; several share the work"

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *, once, **options):
        self.next_pass, self.over = 0, threading.Event()
        if once:
            self.act()
            outbox.deliver()
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.over.set())
        self.work()

    def work(self):
        """Round after round; a round that fails is told once and tried again, ever more slowly."""
        pause, problem = PAUSE, ""
        while not self.over.wait(pause):
            close_old_connections()
            failures = [self.failure(self.act), self.failure(self.deliver)]
            before, problem = problem, "; ".join(filter(None, failures))
            if problem and problem != before:
                log.error("the worker waits: %s", problem)
            elif before and not problem:
                log.warning("the worker goes on")
            pause = min(pause * 2, LONGEST_PAUSE) if problem else PAUSE

    def act(self):
        """Every SILENCE_EVERY seconds: remind and close (R135)."""
        if time.monotonic() >= self.next_pass:
            self.next_pass = time.monotonic() + SILENCE_EVERY
            reminding.act(is_over=self.over.is_set)

    def deliver(self):
        outbox.deliver(is_over=self.over.is_set)

    @staticmethod
    def failure(do):
        """Do it; '' or why it could not be done, in a word without anybody's data."""
        try:
            do()
        except outbox.MailServerDown as error:
            return f"mail server: {error}"
        except Error as error:
            return f"database: {type(error).__name__}"
        except Exception as error:  # what nobody thought of must not end the worker for good
            log.exception("an error of our own")
            return type(error).__name__
        return ""
