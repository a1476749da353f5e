"""What runs are called that nobody named."""
