"""The pure floor: states, ids, time, retry arithmetic, annotations and errors. No I/O, no third-party imports."""
