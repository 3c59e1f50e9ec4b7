"""Groups of resources with a promise. One component per file; no configuration is read and nothing is exported here."""
