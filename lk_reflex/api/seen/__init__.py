"""What machines ask of the cabinet: whether it lives, whether it is ready, and its figures."""
