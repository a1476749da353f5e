"""How runs run: the steps of a flow run and of a task run, and the drivers that carry the steps out."""
