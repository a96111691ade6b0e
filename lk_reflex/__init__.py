"""The residents' cabinet: self-service for housing and utilities."""
