"""What Windows makes of its certificate stores: where each is, and what it keeps about a certificate."""
