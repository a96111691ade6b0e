"""The texts that people agree to, in all their versions."""
