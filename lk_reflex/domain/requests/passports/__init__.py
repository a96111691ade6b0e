"""The passport of a sealing application: encrypted at rest, masked on screens, its viewings logged, wiped in time."""
