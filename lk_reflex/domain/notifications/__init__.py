"""What the cabinet tells a person: the feed with its counter."""
