"""What the forms of a report and of an appeal have in common: one draft, kept, checked, sent."""
