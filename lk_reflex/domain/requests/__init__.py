"""Electronic services: applications, emergency reports and appeals, from the draft to the operator's last word."""
