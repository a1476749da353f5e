"""What is drawn of many runs: counted and grouped where they are, so that little travels."""
