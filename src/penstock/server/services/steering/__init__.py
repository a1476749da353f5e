"""What people do to flow runs, beyond the states that the rules decide on."""
