"""What people attach: photos now, papers of requests later."""
