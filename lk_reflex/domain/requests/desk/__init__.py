"""The operators' desk: the queue, the search, what they do with a request."""
