"""What stops a build, in a sentence that says what to mend."""


class Problem(Exception):
    """Nothing is published while one of these stands."""
