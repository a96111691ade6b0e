"""Maps: one to pick a place on, one to look at. Pages without a map load nothing of them."""
