"""Push messages: which phones a person has bound, and what waits to be sent to them."""
