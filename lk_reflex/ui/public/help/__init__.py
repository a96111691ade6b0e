"""The instruction: the customer's manual as a page of the cabinet."""
