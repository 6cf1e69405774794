"""What the address of a list may ask for."""

SUFFIXES = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


def is_of_filter(lookup, list_filter):
    """Whether a filter of the list makes this lookup.

    Django allows lookups on every column, so that an address finds out by guessing, letter by
    letter, what the list hides: numbers, titles, password hashes.
    """
    names = (name if isinstance(name, str) else name.parameter_name for name in list_filter)
    return lookup in {name + suffix for name in names for suffix in SUFFIXES}
