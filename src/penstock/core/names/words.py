"""The words that names of runs are made of: plain, kind, and fit to stand beside each other in any pair."""

from __future__ import annotations

# fmt: off
ADJECTIVES: tuple[str, ...] = (
    "able", "agile", "airy", "alert", "amber", "ample", "apt", "azure", "bold", "brave", "breezy", "bright",
    "brisk", "bronze", "calm", "candid", "cheery", "chilly", "clear", "clever", "coastal", "copper", "coral",
    "cosmic", "cosy", "crisp", "curious", "dapper", "deft", "eager", "early", "earnest", "easy", "fair", "famed",
    "fine", "fleet", "floral", "fond", "frank", "free", "fresh", "gallant", "gentle", "glad", "golden", "grand",
    "green", "handy", "happy", "hardy", "hazel", "hearty", "honest", "humble", "indigo", "ivory", "jolly",
    "jovial", "keen", "kind", "lively", "loyal", "lucid", "lunar", "mellow", "merry", "mild", "mighty", "misty",
    "modest", "neat", "nimble", "noble", "patient", "placid", "polite", "prime", "proud", "quick", "quiet",
    "ready", "rosy", "rustic", "sage", "scarlet", "serene", "silver", "smart", "snowy", "solar", "steady",
    "sunny", "swift", "tidy", "tranquil", "upbeat", "vivid", "warm", "witty",
)

NOUNS: tuple[str, ...] = (
    "acorn", "alder", "arbor", "aspen", "atoll", "aurora", "badger", "basin", "beacon", "birch", "bluff",
    "breeze", "bridge", "brook", "canal", "canyon", "cedar", "cliff", "clover", "cloud", "comet", "cove", "crane",
    "creek", "current", "delta", "dune", "eagle", "egret", "elm", "ember", "estuary", "falcon", "fern", "finch",
    "fjord", "fountain", "garden", "geyser", "glacier", "glade", "grotto", "grove", "gull", "harbor", "hare",
    "harvest", "hazelnut", "heron", "hill", "inlet", "island", "juniper", "kestrel", "lagoon", "lake", "lantern",
    "lark", "lichen", "linden", "lodge", "lotus", "lynx", "maple", "marsh", "meadow", "mill", "mist", "moss",
    "oak", "oasis", "ocean", "orchard", "osprey", "otter", "owl", "pebble", "pine", "plover", "pond", "poplar",
    "prairie", "quartz", "raven", "reed", "reef", "ridge", "river", "robin", "sequoia", "shore", "sparrow",
    "spring", "stream", "summit", "swan", "thicket", "thrush", "tide", "valley", "violet", "willow", "wren",
)
# fmt: on
