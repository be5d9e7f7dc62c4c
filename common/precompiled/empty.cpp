// A library needs a source; this one is there for the headers read with it.
