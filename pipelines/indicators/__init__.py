"""Definitions as pure functions, frame → frame; one module per subject."""
