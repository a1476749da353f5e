"""When schedules fall: pure arithmetic over instants, with a bound on the work of every question."""
