"""The port of a bank that takes card payments, and its implementations."""
