"""HTTP beside the pages: sign-in, health, the outer shell."""
