"""What the two pages of meters share."""
