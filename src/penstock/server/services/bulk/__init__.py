"""What is done to many flow runs at once: bounded, counted first, and recorded."""
