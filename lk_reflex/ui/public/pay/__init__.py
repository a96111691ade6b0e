"""What a shared pay link opens."""
