"""A receipt as PDF, after the model form of the payment document."""
