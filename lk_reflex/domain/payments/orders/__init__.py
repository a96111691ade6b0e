"""Orders: one payment to one organization, from the press of «Оплатить» to billing's own record."""
