"""What the address of a list may ask for."""

SUFFIXES = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


def is_of_filter(lookup, list_filter):
    """Whether a filter of the list makes this lookup.

    Django allows lookups on every column, so that an address finds out by guessing, letter by
    letter, what the list hides: numbers, titles, password hashes.
    """
    return lookup in {_name(item) + suffix for item in list_filter for suffix in SUFFIXES}


def _name(item):
    if isinstance(item, tuple):
        return item[0]
    return item if isinstance(item, str) else item.parameter_name
