"""How the function of a run is called: in a thread, in an event loop, within its time, and value by value where it yields."""
