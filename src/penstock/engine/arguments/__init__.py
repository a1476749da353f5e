"""What the arguments of a call hold: futures to wait for, items to walk, and the runs that values came from."""
