"""The cart: what a person means to pay, and what it comes to."""
