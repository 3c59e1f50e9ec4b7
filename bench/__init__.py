"""What `make bench` measures: everything side by side in one run, medians of interleaved rounds."""
