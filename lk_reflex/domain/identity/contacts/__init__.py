"""How a person is reached: e-mail and phone, changed and confirmed."""
