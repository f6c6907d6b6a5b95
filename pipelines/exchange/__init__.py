"""In and out: what other tools and other bodies read and write."""
