"""Baselines in files: how one is saved, listed, read and made again."""
