"""Stands in for every mail server of the world: takes letters over SMTP, sends none on, and shows them."""
