"""Work pools, their queues, the workers that ask for runs, and what becomes of the claims."""
