"""The earlier readings of a meter, shown on two pages."""
