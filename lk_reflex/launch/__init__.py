"""Starting an installation: building the front end, filling a demonstration, serving."""
