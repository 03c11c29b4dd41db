"""Holding a run to a baseline: the evidence, what differs beyond noise, the verdict in words and files."""
