"""What an organization tells those who live in some houses: announcements and outages."""
