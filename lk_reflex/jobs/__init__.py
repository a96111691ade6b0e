"""The worker: what is done beside people's own clicks."""
