"""Pages: values as French text, blocks that notebooks show, the page of a report, the index of all of them."""
